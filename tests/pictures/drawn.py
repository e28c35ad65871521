"""A picture of plain lines, drawn with Pillow with a font of the system: for tests that need any picture with words."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"  # of tools/setup.sh


def drawn(lines: Sequence[str], *, width: int = 1080, size: int = 40, format: str = "PNG", quality: int = 80) -> bytes:
    """`lines` black on white below each other, each `size` pixels high."""
    font = ImageFont.truetype(FONT, size)
    image = Image.new("RGB", (width, (len(lines) * 2 + 2) * size), "white")
    pen = ImageDraw.Draw(image)
    for place, line in enumerate(lines):
        pen.text((size, (place * 2 + 1) * size), line, font=font, fill="black")
    out = io.BytesIO()
    image.save(out, format, quality=quality)
    return out.getvalue()
