"""Where writing stands in a picture, and what it says: the models of rapidocr's wheel, run by onnxruntime alone.

The models lie in the wheel and are opened by path; nothing here can fetch anything. Rapidocr's own loader, which
would look for newer ones, is never called. No Django; runs in the picture reader (picture_reader_process.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime
import pyclipper  # type: ignore[import-untyped]  # has none

from complaints.intake.layout import Box, Piece, by_tile, in_order, tiles

Pixels = np.ndarray[Any, np.dtype[np.uint8]]  # height × width × 3, RGB

DETECTOR, RECOGNISER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
THREADS = 2
WIDE = 736  # pixels: a narrower picture is looked at enlarged
WIDEST = 1088  # and a wider one made smaller, in which to find where writing stands
WRITTEN, BOX_WRITTEN = 0.3, 0.5  # from which a pixel, and a whole box, counts as writing
GROWN = 1.6  # the model marks the core of a line; so much wider is its box
LEAST = 3.0  # pixels: the lower side of a box
MOST_BOXES = 1_500
HEIGHT = 48  # pixels of a line as the recogniser sees it
NARROW, BROAD = 320, 3_200  # and the limits of its width
OTHER = 13  # of 765: from which a colour is another one
STEP = 6  # pixels on either side of an edge that are compared
BATCH_AREA = 6 * 48 * 800  # pixels read at once


class Glyphs:
    """Both models, loaded once: 31 MB of files, some 200 MB of memory."""

    def __init__(self) -> None:
        spec = find_spec("rapidocr")
        if spec is None or spec.origin is None:
            raise FileNotFoundError("rapidocr is not installed")
        models = Path(spec.origin).parent / "models"
        self._detector = _session(models / DETECTOR)
        self._recogniser = _session(models / RECOGNISER)
        listed = self._recogniser.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._letters = ["", *listed, " "]

    def tell(self, picture: Pixels, boxes: Sequence[Box]) -> list[Piece]:
        """What stands in those `boxes` that hold writing, in no order that means anything."""
        return [piece for piece in self._told(picture, boxes) if piece.text.strip()]

    # -- where -------------------------------------------------------------------------------------------------

    def find(self, picture: Pixels) -> list[Box]:
        """The boxes of writing: of a long picture tile by tile, each line once and whole."""
        height, width = picture.shape[:2]
        found = [
            [tuple((x, y + top) for x, y in box) for box in self._boxes(picture[top:bottom])]
            for top, bottom in tiles(width, height)
        ]
        return by_tile(found, tiles(width, height))[:MOST_BOXES]

    def _boxes(self, tile: Pixels) -> list[Box]:
        height, width = tile.shape[:2]
        scale = WIDE / min(width, height) if min(width, height) < WIDE else min(1.0, WIDEST / min(width, height))
        scale = min(scale, 2_400 / max(width, height))
        size = [max(32, round(side * scale / 32) * 32) for side in (width, height)]
        small = cv2.resize(tile, size)
        # the models were taught with blue first
        seen = (small[:, :, ::-1].astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)[np.newaxis]
        (answer,) = self._detector.run(None, {self._detector.get_inputs()[0].name: np.ascontiguousarray(seen)})
        return _boxes_in(np.asarray(answer)[0, 0], width / size[0], height / size[1])

    # -- what --------------------------------------------------------------------------------------------------

    def _told(self, picture: Pixels, boxes: Sequence[Box]) -> Iterator[Piece]:
        lines = [_cut(picture, box) for box in boxes]
        order = sorted(range(len(lines)), key=lambda place: lines[place].shape[1])
        batch: list[int] = []
        for place in order:
            widest = lines[place].shape[1]
            if batch and widest * HEIGHT * (len(batch) + 1) > BATCH_AREA:
                yield from self._batch(picture, boxes, lines, batch)
                batch = []
            batch.append(place)
        if batch:
            yield from self._batch(picture, boxes, lines, batch)

    def _batch(
        self, picture: Pixels, boxes: Sequence[Box], lines: Sequence[Pixels], batch: Sequence[int]
    ) -> Iterator[Piece]:
        width = max(lines[place].shape[1] for place in batch)
        width = max(NARROW, -(-width // 16) * 16)
        seen = np.zeros((len(batch), 3, HEIGHT, width), np.float32)
        for row, place in enumerate(batch):
            line = lines[place]
            seen[row, :, :, : line.shape[1]] = (line[:, :, ::-1].astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)
        (answer,) = self._recogniser.run(None, {self._recogniser.get_inputs()[0].name: seen})
        for row, place in enumerate(batch):
            text, sure, at = self._spelt(np.asarray(answer)[row], lines[place].shape[1] / width)
            ground = _ground(picture, boxes[place])
            yield Piece(text, boxes[place], sure, at, ground, _span(picture, boxes[place], boxes))

    def _spelt(
        self, steps: np.ndarray[Any, np.dtype[np.float32]], share: float
    ) -> tuple[str, tuple[float, ...], tuple[float, ...]]:
        """The letters of one line, how sure each is (0 to 1), and where in the line each stands (0 to 1)."""
        best = steps.argmax(axis=1)
        text, sure, at = "", [], []
        before = 0
        for step, letter in enumerate(best):
            if letter and letter != before and letter < len(self._letters):
                said = self._letters[letter]
                text += said
                sure += [float(steps[step, letter])] * len(said)
                at += [min(1.0, (step + 0.5) / len(best) / share)] * len(said)
            elif letter and letter == before and sure:
                sure[-1] = max(sure[-1], float(steps[step, letter]))
            before = letter
        return text, tuple(sure), tuple(at)


def _session(model: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep what the largest picture took
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def _boxes_in(written: np.ndarray[Any, np.dtype[np.float32]], across: float, down: float) -> list[Box]:
    """The boxes around what the detector marked, in pixels of the tile: corners from the upper left, clockwise."""
    mask = cv2.dilate((written > WRITTEN).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _tree = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    boxes: list[Box] = []
    for contour in contours[:MOST_BOXES]:
        (_middle, (wide, high), _angle) = core = cv2.minAreaRect(contour)
        if min(wide, high) < LEAST or _mean(written, cv2.boxPoints(core)) < BOX_WRITTEN:
            continue
        grow = wide * high * GROWN / (2 * (wide + high))
        pen = pyclipper.PyclipperOffset()
        pen.AddPath(
            np.round(cv2.boxPoints(core) * 16).astype(int).tolist(), pyclipper.JT_ROUND, pyclipper.ET_CLOSEDPOLYGON
        )
        grown = pen.Execute(grow * 16)
        if not grown:
            continue
        corners = cv2.boxPoints(cv2.minAreaRect(np.array(grown[0], np.float32) / 16))
        boxes.append(in_order([(float(x) * across, float(y) * down) for x, y in corners]))
    return boxes


def _mean(written: np.ndarray[Any, np.dtype[np.float32]], corners: np.ndarray[Any, Any]) -> float:
    height, width = written.shape
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, (width - 1, height - 1))
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, (width - 1, height - 1))
    mask = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(mask, [np.round(corners - (left, top)).astype(np.int32)], (1,))
    return float(cv2.mean(written[top : bottom + 1, left : right + 1], mask)[0])


def _cut(picture: Pixels, box: Box) -> Pixels:
    """The line in `box`, level, as high as the recogniser sees it."""
    corners = np.array(box, np.float32)
    wide = max(float(np.linalg.norm(corners[0] - corners[1])), float(np.linalg.norm(corners[2] - corners[3])), 1.0)
    high = max(float(np.linalg.norm(corners[0] - corners[3])), float(np.linalg.norm(corners[1] - corners[2])), 1.0)
    if high >= 1.5 * wide:  # a sign standing alone, or writing from top to bottom: the latter says nothing here
        wide = max(wide, high / 2)
    width = int(min(max(round(wide * HEIGHT / high), 8), BROAD))
    if high > 2 * HEIGHT:  # shrink in two steps, else every other stroke is lost
        half = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
        turn = cv2.getPerspectiveTransform(corners, half)
        whole = cv2.warpPerspective(picture, turn, (max(1, int(wide)), max(1, int(high))), flags=cv2.INTER_LINEAR)
        return np.asarray(cv2.resize(whole, (width, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
    level = np.array([[0, 0], [width, 0], [width, HEIGHT], [0, HEIGHT]], np.float32)
    turn = cv2.getPerspectiveTransform(corners, level)
    cut = cv2.warpPerspective(picture, turn, (width, HEIGHT), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)
    return np.asarray(cut, np.uint8)


def _ground(picture: Pixels, box: Box) -> tuple[int, int, int]:
    """The colour behind the writing in `box`: what most of its rim shows."""
    height, width = picture.shape[:2]
    xs, ys = [x for x, _y in box], [y for _x, y in box]
    left, right = int(np.clip(min(xs), 0, width - 1)), int(np.clip(max(xs), 1, width))
    top, bottom = int(np.clip(min(ys), 0, height - 1)), int(np.clip(max(ys), 1, height))
    piece = picture[top : max(bottom, top + 1), left : max(right, left + 1)].reshape(-1, 3)
    tones = piece[:: max(1, len(piece) // 4_000)] >> 3
    keys = (tones[:, 0].astype(np.int32) << 10) | (tones[:, 1].astype(np.int32) << 5) | tones[:, 2]
    key = int(np.bincount(keys).argmax())
    sampled = piece[:: max(1, len(piece) // 4_000)][keys == key]
    red, green, blue = (round(float(tone)) for tone in sampled.mean(axis=0))
    return red, green, blue


def _span(picture: Pixels, box: Box, others: Sequence[Box]) -> tuple[float, float]:
    """From where to where, to the left and right of `box`, the colour behind it goes on along its upper and lower rim."""
    height, width = picture.shape[:2]
    left, right = int(max(0, min(x for x, _y in box))), int(min(width, max(x for x, _y in box)))
    top, bottom = min(y for _x, y in box), max(y for _x, y in box)
    spans: list[tuple[int, int]] = []
    for share in (0.02, 0.98):
        row = int(np.clip(top + (bottom - top) * share, 1, height - 2))
        line = picture[row - 1 : row + 2].astype(np.float64).mean(axis=0)
        edge = _edges(line)
        for other in others:  # writing beside it is no edge
            if min(y for _x, y in other) - STEP < row < max(y for _x, y in other) + STEP:
                start, end = min(x for x, _y in other), max(x for x, _y in other)
                edge[max(0, int(start) - STEP) : int(end) + STEP] = False
        before, after = np.flatnonzero(edge[:left]), np.flatnonzero(edge[right:])
        spans.append((int(before[-1]) if len(before) else 0, right + int(after[0]) if len(after) else width))
    return float(min(start for start, _end in spans)), float(max(end for _start, end in spans))


def _edges(line: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where along a row of pixels one colour ends and another begins: steps, however slowly the light falls off."""
    sums = np.vstack([np.zeros(3), np.cumsum(line, axis=0)])
    edge = np.zeros(len(line), np.bool_)
    if len(line) > 2 * STEP:
        means = (sums[STEP:] - sums[:-STEP]) / STEP  # of the STEP pixels from each place on
        edge[STEP : len(line) - STEP + 1] = np.abs(means[STEP:] - means[:-STEP]).sum(axis=1) > OTHER
    return edge
