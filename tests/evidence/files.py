"""Pictures that tests hand in: good ones of every kind, and every kind of bad one. All made here, none by chance."""

from __future__ import annotations

import base64
import io
import random
import struct
import zlib
from pathlib import Path

from PIL import Image

TILE = Path(__file__).with_name("tile.heic")  # 512 x 512 pixels, as an encoder made them of shapes and noise
SECRET_PLACE = (31.0, 13.0, 49.0)  # degrees, minutes, seconds: nowhere that matters


def scene(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """A picture whose left top corner is red and whose other corners are blue, grey between."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    edge = max(1, min(width, height) // 8)
    for x, y in ((width - edge, 0), (0, height - edge), (width - edge, height - edge)):
        image.paste((0, 0, 255), (x, y, x + edge, y + edge))
    image.paste((255, 0, 0), (0, 0, edge, edge))
    return image if mode == "RGB" else image.convert(mode)


def room(seed: int) -> Image.Image:
    """A picture with shapes here and there, different for each `seed`."""
    rolled, image = random.Random(seed), Image.new("RGB", (800, 600), "silver")
    for _shape in range(12):
        x, y, colour = rolled.randrange(700), rolled.randrange(500), tuple(rolled.randbytes(3))
        image.paste(colour, (x, y, x + rolled.randrange(60, 400), y + rolled.randrange(60, 300)))
    return image


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
    exif[0x010F], exif[0x0110], exif[0x0131] = "TellingMaker", "Phone 7", "Camera 3"
    detail = exif.get_ifd(0x8769)
    detail[0x9003], detail[0x9011], detail[0xA431] = "2026:11:08 18:30:00", "+08:00", "SERIAL-4711"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", SECRET_PLACE, "E", (121.0, 28.0, 25.0)
    return saved(image, "JPEG", exif=exif, comment=b"a private note", xmp=b"<x:xmpmeta>a private note</x:xmpmeta>")


def large_jpeg(width: int, height: int) -> bytes:
    """A JPEG of that many pixels, quickly made: grey, with a darker corner."""
    image = Image.new("L", (width, height), 200)
    image.paste(60, (0, 0, width // 3, height // 3))
    return saved(image, "JPEG", quality=60)


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


def giant_animation(kind: str) -> bytes:
    """A GIF or WebP of a few small frames, whose header says that they are 7,000 pixels wide and high."""
    if kind == "gif":
        return b"GIF89a" + struct.pack("<HH", 7000, 7000) + gif_of_many_frames(3)[10:]
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    data = bytearray(saved(frames[0], "WEBP", save_all=True, append_images=frames[1:]))
    at = data.index(b"VP8X") + 12
    data[at : at + 6] = (6999).to_bytes(3, "little") * 2
    return bytes(data)


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


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def full_box(name: bytes, body: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(name, struct.pack(">I", version << 24 | flags) + body)


def heic_of_tiles(columns: int, rows: int, edge: int = 512) -> bytes:
    """A HEIC as phones write it: a grid of tiles of 512 x 512 pixels, each the one in tile.heic (ISO 23008-12)."""
    tile = TILE.read_bytes()
    start = tile.index(b"hvcC") - 4
    settings_of_tile = tile[start : start + struct.unpack_from(">I", tile, start)[0]]
    coded = tile[tile.index(b"mdat") + 4 :]
    tiles = range(2, 2 + columns * rows)
    width, height = columns * edge, rows * edge
    grid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)

    def size(*edges: int) -> bytes:
        return full_box(b"ispe", struct.pack(">II", *edges))

    properties = box(b"ipco", settings_of_tile + size(edge, edge) + size(width, height))
    has = struct.pack(">HBB", 1, 1, 3) + b"".join(struct.pack(">HBBB", item, 2, 0x81, 2) for item in tiles)
    properties += full_box(b"ipma", struct.pack(">I", 1 + len(tiles)) + has)
    items = full_box(b"infe", struct.pack(">HH4sB", 1, 0, b"grid", 0), 2)
    items += b"".join(full_box(b"infe", struct.pack(">HH4sB", item, 0, b"hvc1", 0), 2, 1) for item in tiles)
    made_of = box(b"dimg", struct.pack(">HH", 1, len(tiles)) + b"".join(struct.pack(">H", item) for item in tiles))

    def meta(start: int) -> bytes:
        places = struct.pack(">HHHHII", 1, 0, 0, 1, start, len(grid))
        first = start + len(grid)
        for item in tiles:
            places += struct.pack(">HHHHII", item, 0, 0, 1, first + (item - 2) * len(coded), len(coded))
        parts = full_box(b"hdlr", struct.pack(">I4s12xB", 0, b"pict", 0)) + full_box(b"pitm", struct.pack(">H", 1))
        parts += full_box(b"iloc", struct.pack(">BBH", 0x44, 0, 1 + len(tiles)) + places, 1)
        parts += full_box(b"iinf", struct.pack(">H", 1 + len(tiles)) + items)
        return full_box(b"meta", parts + box(b"iprp", properties) + full_box(b"iref", made_of))

    begin = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    return begin + meta(len(begin) + len(meta(0)) + 8) + box(b"mdat", grid + coded * len(tiles))


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
