"""Pictures of plain lines and of short messages, drawn with Pillow and a font of the system."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

NOTICE = (
    "投诉处理结果通知",
    "您投诉鹿角灯饰旗舰店一事平台已审核完毕，支持买家。",
    "订单编号：4471900233187765401",
    "商家应在2026年11月12日18:30前退款459.00元。",
)
HEIC = Path(__file__).with_name("notice.heic")  # drawn(NOTICE), as an encoder made it that is in no test tool
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"  # of tools/setup.sh


def drawn(lines: Sequence[str], *, width: int = 1080, size: int = 40, format: str = "PNG", **options: Any) -> bytes:
    """`lines` black on white below each other, each `size` pixels high; `options` are those of Pillow's format."""
    return saved(_lines(lines, width, size), format, **options)


def turned(lines: Sequence[str], degrees: int) -> bytes:
    """The same as a photo that lies on its side or stands on its head, turned against the clock; nothing says so."""
    return saved(_lines(lines, 1080, 40).rotate(degrees, expand=True), "PNG")


def turned_by_exif(lines: Sequence[str], orientation: int) -> bytes:
    """The same as a camera keeps it: pixels turned, and EXIF tells how they are to be shown."""
    image = _lines(lines, 1080, 40)
    degrees = {3: 180, 6: 90, 8: 270}[orientation]
    exif = image.getexif()
    exif[0x0112] = orientation
    return saved(image.rotate(degrees, expand=True), "JPEG", quality=85, exif=exif)


def messages(told: Sequence[tuple[str, Sequence[str]]], *, width: int = 1080, size: int = 40) -> bytes:
    """Short messages of a service number, each in its bubble below the time it came at: (time, lines) of each."""
    font, small = ImageFont.truetype(FONT, size), ImageFont.truetype(FONT, size * 3 // 4)
    image = Image.new("RGB", (width, size * (6 + sum(5 + 2 * len(lines) for _when, lines in told))), "#f2f2f4")
    pen = ImageDraw.Draw(image)
    pen.text((width // 2, size), "10690123456", font=font, fill="black", anchor="ma")
    top = 4 * size
    for when, lines in told:
        pen.text((width // 2, top), when, font=small, fill="#777777", anchor="ma")
        top += 2 * size
        bottom = top + size * (1 + 2 * len(lines))
        pen.rounded_rectangle((size, top, width * 3 // 4, bottom), radius=size // 2, fill="white")
        for place, line in enumerate(lines):
            pen.text((2 * size, top + size * (2 * place + 1) - size // 4), line, font=font, fill="black")
        top = bottom + 2 * size
    return saved(image, "PNG")


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def _lines(lines: Sequence[str], width: int, size: int) -> Image.Image:
    font = ImageFont.truetype(FONT, size)
    image = Image.new("RGB", (width, (len(lines) * 2 + 2) * size), "white")
    pen = ImageDraw.Draw(image)
    for place, line in enumerate(lines):
        pen.text((size, (place * 2 + 1) * size), line, font=font, fill="black")
    return image
