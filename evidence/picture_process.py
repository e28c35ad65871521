"""The process that decodes pictures: spawned for one picture, limited, dead when it overruns.

Run by `pictures.py`, never imported by it. The picture comes on standard input, what was made of it goes
to standard output: one line of JSON, then the bytes it announces. Nothing of Django is loaded. What cannot
be read ends the process with a traceback that nobody prints: to the parent every such end means the same.

A picture of more pixels than may be decoded is no error: its size is told, and that it was TOO_MUCH. Of a JPEG
the decoder makes a half, a quarter or an eighth of the pixels at once (`draft`), and only those count.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import resource
import struct
import sys
from dataclasses import dataclass, field
from typing import BinaryIO

import pi_heif
from PIL import Image, ImageCms, ImageOps

COPY_EDGE = 1500  # pixels of the shorter side: words of long screenshots stay readable; half of a photo of 12 million
READ_EDGE = 1440  # the same of what OCR reads
COPY_PIXELS = 12_000_000
COPY_LONGEST = 16_000  # WebP has no longer side than 16,383
THUMBNAIL_EDGE = 320
THUMBNAIL_BYTES = 25 * 1024
LONG = 2  # times as long as wide: of such a picture the thumbnail shows the beginning
TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height
# EXIF 2.32, tables 4, 7 and 15
ORIENTATION, MAKER, MODEL, SOFTWARE, DETAIL, PLACE = 0x0112, 0x010F, 0x0110, 0x0131, 0x8769, 0x8825
TAKEN, ZONE = 0x9003, 0x9011
LONGEST_FACT = 80  # characters
# What Pillow raises on EXIF that was made by a program with other ideas, or by nobody at all.
ODD = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, SyntaxError, OSError, struct.error)
# What filetype names a picture, and the one decoder that may open it then.
DECODERS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/apng": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/heic": "HEIF",
    "image/avif": "AVIF",
}
TOO_MUCH = 3  # exit status: more pixels, or more memory, than it may have


def limit(memory: int, cpu_seconds: int) -> None:
    """From here on: `memory` bytes of addresses, that much CPU time, no file written, few files open."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class TooManyPixels(Exception):
    """More pixels than may be decoded at once."""


@dataclass
class Told:
    """What is said of a picture before anything is made of it. Width and height as a person sees it, in pixels."""

    width: int = 0
    height: int = 0
    facts: dict[str, str] = field(default_factory=dict)
    hash: str = ""  # see `dhash`
    blobs: list[bytes] = field(default_factory=list)

    def line(self) -> bytes:
        said = {"width": self.width, "height": self.height, "facts": self.facts, "hash": self.hash}
        return json.dumps(said | {"sizes": [len(blob) for blob in self.blobs]}).encode() + b"\n"


def decoded(file: BinaryIO, decoder: str, pixels: int, edge: int, told: Told) -> Image.Image:
    """The picture whole, its shorter side not far below `edge` where the decoder can leave pixels out.

    pixels  the most that may be decoded
    told    gets its size, and what was said beside it
    raises  TooManyPixels, after its size was told
    """
    pi_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # Pillow only warns up to twice its limit, and knows nothing of drafts
    image = Image.open(file, formats=[decoder])
    size = image.size
    told.width, told.height = size
    image.draft("RGB", fitted(size, edge))
    if image.width * image.height > pixels:
        raise TooManyPixels
    Image.MAX_IMAGE_PIXELS = pixels
    image.load()
    if orientation_of(image) in TURNED:
        told.width, told.height = size[::-1]
    told.facts = facts_of(image)
    return image


def fitted(size: tuple[int, int], edge: int) -> tuple[int, int]:
    """`size` with a shorter side of at most `edge`, at most COPY_PIXELS in all, and no side too long for WebP."""
    width, height = size
    scale = min(1, edge / min(size), (COPY_PIXELS / (width * height)) ** 0.5, COPY_LONGEST / max(size))
    return max(1, round(width * scale)), max(1, round(height * scale))


# -- what stands beside the pixels -------------------------------------------------------------------------


def exif_of(image: Image.Image) -> Image.Exif:
    """Its EXIF; empty when that is odd: a picture is no worse for it."""
    try:
        return image.getexif()
    except ODD:
        return Image.Exif()


def orientation_of(image: Image.Image) -> int:
    try:
        said = exif_of(image).get(ORIENTATION)
    except ODD:
        return 1
    return said if isinstance(said, int) and 1 <= said <= 8 else 1


def facts_of(image: Image.Image) -> dict[str, str]:
    """When, with what and where it was taken, as the device says: "taken", "device", "software", "place".

    taken  ISO 8601, with an offset only where the device says one
    place  degrees of latitude and longitude, as "31.230400,121.473700"
    """
    exif = exif_of(image)
    detail, place = part_of(exif, DETAIL), part_of(exif, PLACE)
    maker, model = text_of(exif, MAKER), text_of(exif, MODEL)
    facts = {
        "taken": moment_of(text_of(detail, TAKEN), text_of(detail, ZONE)),
        "device": model if model.lower().startswith(maker.lower()) else f"{maker} {model}".strip(),
        "software": text_of(exif, SOFTWARE),
        "place": place_of(place),
    }
    return {name: said[:LONGEST_FACT] for name, said in facts.items() if said}


def part_of(exif: Image.Exif, tag: int) -> dict[int, object]:
    try:
        return dict(exif.get_ifd(tag))
    except ODD:
        return {}


def text_of(part: Image.Exif | dict[int, object], tag: int) -> str:
    """The words of a tag that people may see: no signs that cannot be seen, none that turn the text around."""
    try:
        said = part.get(tag)
    except ODD:
        return ""
    return " ".join("".join(sign for sign in said if sign.isprintable()).split()) if isinstance(said, str) else ""


def moment_of(said: str, zone: str) -> str:
    """EXIF's "2026:11:08 18:30:00" and "+08:00" as ISO 8601; "" for anything else."""
    found = re.fullmatch(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)", said, re.ASCII)
    if not found:
        return ""
    offset = zone if re.fullmatch(r"[+-]\d\d:\d\d", zone, re.ASCII) else ""
    return f"{found[1]}-{found[2]}-{found[3]}T{found[4]}{offset}"


def place_of(part: dict[int, object]) -> str:
    """Latitude and longitude of the GPS part (north or south, degrees, east or west, degrees); "" when unsaid."""
    try:
        north = angle_of(part[2]) * (-1 if part[1] == "S" else 1)
        east = angle_of(part[4]) * (-1 if part[3] == "W" else 1)
    except ODD:
        return ""
    return f"{north:.6f},{east:.6f}" if abs(north) <= 90 and abs(east) <= 180 else ""


def angle_of(said: object) -> float:
    """Degrees, minutes and seconds as degrees. Raises one of ODD."""
    degrees, minutes, seconds = (float(part) for part in said)  # type: ignore[attr-defined]
    return degrees + minutes / 60 + seconds / 3600


# -- pixels -------------------------------------------------------------------------------------------------


def in_plain_colours(image: Image.Image) -> Image.Image:
    """`image` as sRGB without transparency: what lies behind glass is shown on white."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    profile = image.info.get("icc_profile")
    if profile and image.mode == "RGB":  # colours are evidence too: a phone's wide gamut is brought home
        try:
            srgb = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), srgb)
            image = turned or image
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that cannot be read is no reason to refuse the picture
    if image.mode == "RGB":
        return image
    if image.mode in ("P", "LA", "PA", "La", "RGBa", "RGBA") or "transparency" in image.info:
        glass = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(glass, mask=glass.getchannel("A"))
        return ground
    return image.convert("RGB")


def shown(image: Image.Image, edge: int = COPY_EDGE) -> Image.Image:
    """`image` upright, as small as `fitted` says, and nothing but its pixels."""
    turn = orientation_of(image)
    size = fitted(image.size, edge)
    if image.mode in ("L", "RGB"):  # small first: to bring home the colours of all pixels takes longest
        image.thumbnail(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    plain = in_plain_colours(image)
    plain.thumbnail(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    bare = Image.new("RGB", plain.size)  # new, so that no metadata can hang on
    bare.paste(plain)
    if turn > 1:
        bare.getexif()[ORIENTATION] = turn
        bare = ImageOps.exif_transpose(bare)
    return bare


def dhash(image: Image.Image) -> str:
    """64 bits as 16 hex digits: of 9 x 8 greys, whether each is darker than its right neighbour.

    Pictures that look alike differ in few bits, whatever their size, format or compression. `image` must be upright.
    """
    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (grey[row * 9 + column] < grey[row * 9 + column + 1])
    return f"{bits:016x}"


def as_webp(image: Image.Image, quality: int, effort: int = 4) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=effort, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue()


def thumbnail_of(image: Image.Image) -> bytes:
    """A WebP of at most THUMBNAIL_EDGE pixels and THUMBNAIL_BYTES bytes."""
    width, height = image.size
    if height > LONG * width:
        image = image.crop((0, 0, width, width * 3 // 2))
    elif width > LONG * height:
        image = image.crop((0, 0, height * 3 // 2, height))
    edge = THUMBNAIL_EDGE
    while True:
        small = image.copy()
        small.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=3.0)
        for quality in (76, 60, 40, 20):
            made = as_webp(small, quality)
            if len(made) <= THUMBNAIL_BYTES:
                return made
        edge = edge * 3 // 4


def look(file: BinaryIO, decoder: str, pixels: int, told: Told) -> None:
    """Decode the whole picture and keep nothing of it: is it one? Of a JPEG every byte is read, few pixels made."""
    image = decoded(file, decoder, pixels, THUMBNAIL_EDGE, told)
    told.hash = dhash(shown(image, THUMBNAIL_EDGE))


def make_copies(file: BinaryIO, decoder: str, pixels: int, told: Told) -> None:
    """The copy and the thumbnail."""
    copy = shown(decoded(file, decoder, pixels, COPY_EDGE, told))
    told.blobs = [as_webp(copy, 80, effort=2), thumbnail_of(copy)]  # a tenth more bytes in a quarter of the time


def make_pixels(file: BinaryIO, decoder: str, pixels: int, told: Told) -> None:
    """The picture upright and in plain colours, as OCR reads it: its width and height, then RGB row by row."""
    upright = shown(decoded(file, decoder, pixels, READ_EDGE, told), READ_EDGE)
    told.blobs = [struct.pack("!II", *upright.size), upright.tobytes()]


WORKS = {"look": look, "copies": make_copies, "pixels": make_pixels}


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("work", choices=sorted(WORKS))
    options.add_argument("content_type", choices=sorted(DECODERS))
    for name in ("memory", "cpu_seconds", "pixels"):
        options.add_argument(name, type=int)
    asked = options.parse_args()
    limit(asked.memory, asked.cpu_seconds)
    told, end = Told(), 0
    try:
        WORKS[asked.work](sys.stdin.buffer, DECODERS[asked.content_type], asked.pixels, told)
    except (TooManyPixels, MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        end, told.blobs = TOO_MUCH, []
    out = sys.stdout.buffer
    out.write(told.line())
    for blob in told.blobs:
        out.write(blob)
    out.flush()
    return end


if __name__ == "__main__":
    sys.exit(main())
