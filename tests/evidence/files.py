"""Pictures that tests hand in: good ones of every kind, and every kind of bad one. All made here, none by chance."""

from __future__ import annotations

import base64
import io
import struct
import zlib

from PIL import Image

SECRET_PLACE = (31.0, 13.0, 49.0)  # degrees, minutes, seconds: nowhere that matters


def scene(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """A picture whose left top corner is red and whose other corners are blue, grey between."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    edge = max(1, min(width, height) // 8)
    for x, y in ((width - edge, 0), (0, height - edge), (width - edge, height - edge)):
        image.paste((0, 0, 255), (x, y, x + edge, y + edge))
    image.paste((255, 0, 0), (0, 0, edge, edge))
    return image if mode == "RGB" else image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 640, height: int = 480, **options: object) -> bytes:
    return saved(scene(width, height), "JPEG", **options)


def png(width: int = 64, height: int = 48) -> bytes:
    return saved(scene(width, height), "PNG")


def jpeg_with_place(orientation: int = 6) -> bytes:
    """A JPEG as a phone makes it: turned, with the place, the phone's serial number and a note in its metadata."""
    image = scene(800, 600)
    exif = image.getexif()
    exif[0x0112] = orientation
    exif[0x010F] = "TellingMaker"
    exif.get_ifd(0x8769)[0xA431] = "SERIAL-4711"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", SECRET_PLACE, "E", (121.0, 28.0, 25.0)
    return saved(image, "JPEG", exif=exif, comment=b"a private note", xmp=b"<x:xmpmeta>a private note</x:xmpmeta>")


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_bomb(width: int, height: int) -> bytes:
    """A valid grey PNG of that many pixels in very few bytes."""
    packer = zlib.compressobj(9)
    row = b"\x00" * (1 + width)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def gif_of_many_frames(count: int = 400) -> bytes:
    frames = [Image.new("P", (32, 32), place % 250) for place in range(count)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=10)


# A picture of 64 x 48 pixels as a phone saves it, with a maker's name in its metadata.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAA"
    "AAAAADRpbG9jAAAAAERAAAIAAQAAAAAB4gABAAAAAAAAAC0AAgAAAAACDwABAAAAAAAAAD4AAAA4aWluZgAAAAAAAgAAABVp"
    "bmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZo"
    "dmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAA"
    "AwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAA"
    "AAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1h"
    "AAAAAAAAAAEAAQWBAgMFhAAAABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAAc21kYXQAAAApKAGvGYD3hIU3/+Iyv+YgX+ui"
    "flepa9cmv+M7rG4zY4V3v2CZuy0CSuAAAAAGRXhpZgAATU0AKgAAAAgAAgEPAAIAAAANAAAAJgESAAMAAAABAAYAAAAAAABU"
    "ZWxsaW5nTWFrZXIAAA=="
)


def heic_in_name_only() -> bytes:
    """The box that a HEIC begins with, and nothing in it."""
    brands = b"heic" + b"\0\0\0\0" + b"mif1heic"
    return struct.pack(">I", 8 + len(brands)) + b"ftyp" + brands + b"\0" * 200


def mp4(size: int = 4096) -> bytes:
    brands = b"isom" + b"\0\0\2\0" + b"isomiso2avc1mp41"
    return (struct.pack(">I", 8 + len(brands)) + b"ftyp" + brands).ljust(size, b"\0")


def mov() -> bytes:
    brands = b"qt  " + b"\0\0\2\0" + b"qt  "
    return (struct.pack(">I", 8 + len(brands)) + b"ftyp" + brands).ljust(2048, b"\0")


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>'
)
HTML = b"<!doctype html><script>alert(1)</script>"
