"""The process that decodes pictures: spawned for one picture, limited, dead when it overruns.

Run by `pictures.py`, never imported by it. The picture comes on standard input, what was made of it goes
to standard output: one line of JSON, then the bytes it announces. Nothing of Django is loaded. What cannot
be read ends the process with a traceback that nobody prints: to the parent every such end means the same.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import sys
import warnings
from typing import BinaryIO

import pi_heif
from PIL import Image, ImageCms, ImageOps

COPY_EDGE = 1600  # pixels of the longer side
THUMBNAIL_EDGE = 320
THUMBNAIL_BYTES = 25 * 1024
TURNED = (5, 6, 7, 8)  # EXIF orientations that swap width and height
ORIENTATION = 0x0112
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
TOO_MANY_PIXELS = 3  # exit status


def limit(memory: int, cpu_seconds: int) -> None:
    """From here on: `memory` bytes of addresses, that much CPU time, no file written, few files open."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def opened(file: BinaryIO, decoder: str, pixels: int) -> Image.Image:
    """The picture, header read; raises Image.DecompressionBombError or its warning above `pixels`."""
    Image.MAX_IMAGE_PIXELS = pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)  # Pillow only warns up to twice the limit
    pi_heif.register_heif_opener(thumbnails=False)
    return Image.open(file, formats=[decoder])


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height in pixels as a person sees the picture."""
    width, height = image.size
    return (height, width) if image.getexif().get(ORIENTATION) in TURNED else (width, height)


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


def shown(image: Image.Image) -> Image.Image:
    """`image` upright, at most COPY_EDGE pixels, and nothing but its pixels."""
    exif = image.getexif()
    plain = in_plain_colours(image)
    plain.thumbnail((COPY_EDGE, COPY_EDGE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    bare = Image.new("RGB", plain.size)  # new, so that no metadata can hang on
    bare.paste(plain)
    if ORIENTATION in exif:
        bare.getexif()[ORIENTATION] = exif[ORIENTATION]
        bare = ImageOps.exif_transpose(bare)
    return bare


def as_webp(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return out.getvalue()


def thumbnail_of(image: Image.Image) -> bytes:
    """A WebP of at most THUMBNAIL_EDGE pixels and THUMBNAIL_BYTES bytes."""
    edge = THUMBNAIL_EDGE
    while True:
        small = image.copy()
        small.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        for quality in (76, 60, 40, 20):
            made = as_webp(small, quality)
            if len(made) <= THUMBNAIL_BYTES:
                return made
        edge = edge * 3 // 4


def look(image: Image.Image) -> tuple[dict[str, object], list[bytes]]:
    """Decode the whole picture and keep nothing of it: is it one?"""
    width, height = upright_size(image)
    image.draft("RGB", (THUMBNAIL_EDGE, THUMBNAIL_EDGE))  # of a JPEG every byte is read, few pixels are made
    image.load()
    return {"width": width, "height": height}, []


def make_copies(image: Image.Image) -> tuple[dict[str, object], list[bytes]]:
    """The copy and the thumbnail."""
    width, height = upright_size(image)
    image.draft("RGB", (COPY_EDGE, COPY_EDGE))
    image.load()
    copy = shown(image)
    return {"width": width, "height": height}, [as_webp(copy, 80), thumbnail_of(copy)]


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("work", choices=["look", "copies"])
    options.add_argument("content_type", choices=sorted(DECODERS))
    for name in ("memory", "cpu_seconds", "pixels"):
        options.add_argument(name, type=int)
    asked = options.parse_args()
    limit(asked.memory, asked.cpu_seconds)
    try:
        image = opened(sys.stdin.buffer, DECODERS[asked.content_type], asked.pixels)
        said, blobs = look(image) if asked.work == "look" else make_copies(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return TOO_MANY_PIXELS
    out = sys.stdout.buffer
    out.write(json.dumps(said | {"sizes": [len(blob) for blob in blobs]}).encode() + b"\n")
    for blob in blobs:
        out.write(blob)
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
