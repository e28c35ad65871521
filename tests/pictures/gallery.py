"""Draws the scenes as pictures into a folder, each once, and judges what was read of them."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image, ImageFilter

from tests.pictures.scenes import Scene, scenes

VALUES = ("order_no", "case_no", "amount", "deadline", "shop")
MISLEADING = "wrong, shown as sure"
SCORES = Path(__file__).with_name("scores.json")
ALIKE = 0.96  # of a line of a chat: so much of it came out letter by letter


def recorded() -> dict[str, dict[str, tuple[int, int]]]:
    """The scores of scores.json: part, what, (right, of); of MISLEADING the wrong ones, of all values."""
    said = json.loads(SCORES.read_text("utf-8"))
    return {part: {what: (counts[0], counts[1]) for what, counts in row.items()} for part, row in said.items()}


def chosen(part: str = "", names: Iterable[str] = ()) -> list[Scene]:
    wanted = set(names)
    return [one for one in scenes() if part in ("", one.part) and (not wanted or one.name in wanted)]


def draw(wanted: Iterable[Scene], folder: Path) -> Iterator[tuple[Scene, Path]]:
    """The picture of each scene, drawn now if it does not lie in `folder` yet."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [(scene, folder / f"{scene.name}-{_mark(scene)}{_ending(scene)}") for scene in wanted]
    missing = [(scene, path) for scene, path in paths if not path.exists()]
    if missing:
        from playwright.sync_api import ViewportSize, sync_playwright

        with sync_playwright() as tools:
            browser = tools.chromium.launch(executable_path="/usr/bin/chromium")
            for scene, path in missing:
                size = ViewportSize(width=scene.width, height=640)
                page = browser.new_page(viewport=size, device_scale_factor=scene.ratio)
                page.set_content(scene.html)
                path.write_bytes(_taken(page.screenshot(full_page=True), scene))
                page.close()
            browser.close()
    yield from paths


def _mark(scene: Scene) -> str:
    told = json.dumps([scene.html, scene.width, scene.ratio, scene.effects], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def _ending(scene: Scene) -> str:
    return ".jpg" if "jpeg" in scene.effects else ".png"


def _taken(png: bytes, scene: Scene) -> bytes:
    """The screenshot as it is passed on: photographed from a screen, made a JPEG by a messenger."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    effects = scene.effects
    if "tilt" in effects:
        chance = Random(scene.name)
        width, height = image.size
        desk = Image.new("RGB", (width + 160, height + 200), (92, 84, 78))
        desk.paste(image, (80, 100))
        desk = desk.rotate(effects["tilt"], Image.Resampling.BICUBIC, expand=True, fillcolor=(92, 84, 78))
        grain = Image.effect_noise(desk.size, 14).convert("RGB")
        image = Image.blend(
            desk.filter(ImageFilter.GaussianBlur(effects["blur"])), grain, 0.06 + chance.random() * 0.03
        )
    if "jpeg" not in effects:
        return png
    out = io.BytesIO()
    image.save(out, "JPEG", quality=effects["jpeg"])
    return out.getvalue()


@dataclass(frozen=True)
class Verdict:
    """Whether one thing that the picture says came out; `is_sure` whether it was shown as sure."""

    what: str
    is_right: bool
    is_sure: bool
    wanted: Any
    found: Any

    @property
    def misleads(self) -> bool:
        return not self.is_right and self.is_sure and self.found not in (None, "")


def judge(truth: dict[str, Any], read: dict[str, Any]) -> list[Verdict]:
    """What of `truth` the reading `read` (an object of parse_mail) has right."""
    found = [Verdict("picture", truth["picture"] == read["picture"], False, truth["picture"], read["picture"])]
    if "kind" in truth:
        found.append(Verdict("kind", truth["kind"] == read["kind"], False, truth["kind"], read["kind"]))
    unsure = set(read["unsure"])
    for key in VALUES:
        wanted, said = truth["fields"].get(key), read["fields"][key]
        if key == "amount" and said is None and read["fields"]["offer"]:
            said = read["fields"]["offer"]["amount"]  # what a merchant offers is told there
        if wanted is not None or (
            said is not None and truth["picture"] in ("notice", "refusal", "sms") and key in ("order_no", "case_no")
        ):
            found.append(Verdict(key, wanted == said, key not in unsure, wanted, said))
    for place, line in enumerate(truth.get("lines", ())):
        heard = _nearest(line["text"], read["lines"], place)
        right = heard is not None and heard["who"] == line["who"] and _alike(line["text"], heard["text"]) >= ALIKE
        found.append(Verdict("lines", right, False, line, heard))
    return found


def _nearest(text: str, lines: list[dict[str, str]], place: int) -> dict[str, str] | None:
    """The line that says `text`, of several the one nearest to its place: people say the same thing twice."""
    near = sorted(range(max(0, place - 6), min(len(lines), place + 7)), key=lambda there: abs(there - place))
    best = max(near, key=lambda there: min(ALIKE, _alike(text, lines[there]["text"])), default=None)
    return None if best is None else lines[best]


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, _bare(one), _bare(other), autojunk=False).ratio()


def _bare(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
