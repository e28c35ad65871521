"""The reader of pictures: a process like the one for mails (reader_process.py), with the models of OCR in it.

It decodes nothing: what it gets are pixels, made by the picture process. A frame is a head (`HEAD`: the SHA-256 of the
file, width and height of the pixels, width and height of the upright original), then the pixels as RGB, row by row.
"""

from __future__ import annotations

import struct
import sys

HEAD = struct.Struct("!32s4I")


def main() -> None:
    from complaints.intake.reader_process import close_network, serve

    close_network()  # before the models come with their threads: one that has threads may not move
    import numpy as np

    from complaints.intake.glyphs import Glyphs
    from complaints.intake.screens import Shot, read
    from complaints.intake.shapes import Reading

    glyphs = Glyphs()

    def read_frame(frame: bytes) -> Reading:
        sha256, across, down, width, height = HEAD.unpack_from(frame)
        pixels = np.frombuffer(frame, np.uint8, offset=HEAD.size).reshape(down, across, 3)
        return read(glyphs, Shot(pixels, width, height), sha256.hex())

    serve(read_frame, cpu_seconds=int(sys.argv[1]), memory=int(sys.argv[2]))


if __name__ == "__main__":
    main()
