"""Outlook's own formats, written byte by byte for the tests: .msg (MS-CFB, MS-OXMSG) and winmail.dat (MS-OXTNEF)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import datetime

Tree = dict[str, "bytes | Tree"]

SECTOR, SMALL, CUTOFF = 512, 64, 4096
FREE, END, IS_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


# --- the storage ------------------------------------------------------------------------------------------


def storage(tree: Tree) -> bytes:
    """An OLE storage (version 3) with the streams and folders of `tree`."""
    rows: list[list[object]] = []  # name, type, child, left, right, start, size

    def add(name: str, kind: int) -> int:
        rows.append([name, kind, FREE, FREE, FREE, 0, 0])
        return len(rows) - 1

    small, big = bytearray(), bytearray()
    small_fat: list[int] = []
    chains: list[tuple[int, bytes]] = []

    def fill(folder: Tree, at: int) -> None:
        previous = None
        for name in sorted(folder, key=lambda each: (len(each), each.upper())):
            content = folder[name]
            row = add(name, 2 if isinstance(content, bytes) else 1)
            if previous is None:
                rows[at][2] = row
            else:
                rows[previous][4] = row  # a list is a tree too
            previous = row
            if isinstance(content, bytes):
                rows[row][6] = len(content)
                if not content:
                    rows[row][5] = END
                elif len(content) < CUTOFF:
                    rows[row][5] = len(small) // SMALL
                    small.extend(content + bytes(-len(content) % SMALL))
                    first, count = int(str(rows[row][5])), -(-len(content) // SMALL)
                    small_fat.extend([*range(first + 1, first + count), END])
                else:
                    chains.append((row, content))
            else:
                fill(content, row)

    root = add("Root Entry", 5)
    fill(tree, root)
    fat: list[int] = []

    def put(content: bytes) -> int:
        first, count = len(fat), -(-len(content) // SECTOR)
        big.extend(content + bytes(-len(content) % SECTOR))
        fat.extend([*range(first + 1, first + count), END])
        return first

    for row, content in chains:
        rows[row][5] = put(content)
    rows[root][5], rows[root][6] = (put(bytes(small)), len(small)) if small else (END, 0)
    small_table = struct.pack(f"<{len(small_fat)}I", *small_fat)
    small_table += b"\xff" * (-len(small_table) % SECTOR)
    small_at = put(small_table) if small_table else END
    folder_at = put(b"".join(_row(*row) for row in rows) + bytes(128 * (-len(rows) % 4)))
    tables = 1
    while tables * 128 < len(fat) + tables:
        tables += 1
    fat_at = len(fat)
    fat += [IS_FAT] * tables
    fat += [FREE] * (tables * 128 - len(fat))
    head = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6), 0,
        tables, folder_at, 0, CUTOFF, small_at, len(small_table) // SECTOR, END, 0,
    )  # fmt: skip
    places = [*range(fat_at, fat_at + tables), *[FREE] * (109 - tables)]
    return head + struct.pack("<109I", *places) + bytes(big) + struct.pack(f"<{len(fat)}I", *fat)


def _row(name, kind, child, left, right, start, size) -> bytes:
    wide = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16sIQQIQ", wide, len(wide), kind, 1, left, right, child, bytes(16), 0, 0, 0, start, size
    )


# --- .msg ---------------------------------------------------------------------------------------------------


def ticks(moment: datetime) -> int:
    return (int(moment.timestamp()) + 11_644_473_600) * 10_000_000


def properties(said: Mapping[int, object], head: int, *, ansi: str = "") -> Tree:
    """The streams of one folder: text as UTF-16, or in the 8-bit code page `ansi`."""
    fixed = bytearray(head)
    tree: Tree = {}
    for tag, value in said.items():
        if isinstance(value, datetime):
            fixed += struct.pack("<HHIQ", 0x40, tag, 6, ticks(value))
        elif isinstance(value, int):
            fixed += struct.pack("<HHIQ", 0x03, tag, 6, value)
        elif isinstance(value, bytes):
            tree[f"__substg1.0_{tag:04X}0102"] = value
            fixed += struct.pack("<HHIII", 0x102, tag, 6, len(value), 0)
        elif ansi:
            tree[f"__substg1.0_{tag:04X}001E"] = str(value).encode(ansi)
            fixed += struct.pack("<HHIII", 0x1E, tag, 6, len(str(value).encode(ansi)) + 1, 0)
        else:
            tree[f"__substg1.0_{tag:04X}001F"] = str(value).encode("utf-16-le")
            fixed += struct.pack("<HHIII", 0x1F, tag, 6, len(str(value)) * 2 + 2, 0)
    tree["__properties_version1.0"] = bytes(fixed)
    return tree


def message(
    said: Mapping[int, object],
    recipients: list[Mapping[int, object]] | None = None,
    attachments: list[Tree] | None = None,
    *,
    head: int = 32,
    ansi: str = "",
) -> Tree:
    tree = properties(said, head, ansi=ansi)
    for number, row in enumerate(recipients or []):
        tree[f"__recip_version1.0_#{number:08X}"] = properties(row, 8, ansi=ansi)
    for number, row in enumerate(attachments or []):
        tree[f"__attach_version1.0_#{number:08X}"] = row
    return tree


def attached(name: str, content: bytes | Tree, mime: str = "") -> Tree:
    """A file attached to a message, or a message (a tree of head 24)."""
    if isinstance(content, bytes):
        return properties({0x3701: content, 0x3707: name, 0x370E: mime}, 8)
    tree = properties({0x3001: name, 0x3705: 5}, 8)
    return tree | {"__substg1.0_3701000D": content}


# --- winmail.dat --------------------------------------------------------------------------------------------


def tnef(rows: list[tuple[int, bytes]]) -> bytes:
    """winmail.dat with these attributes."""
    said = b"".join(
        struct.pack("<BII", 1 + (tag in (0x00069002, 0x00018010, 0x0006800F, 0x00069005)), tag, len(data))
        + data
        + struct.pack("<H", sum(data) & 0xFFFF)
        for tag, data in rows
    )
    return struct.pack("<IH", 0x223E9F78, 1) + said


def mapi(said: Mapping[int, object]) -> bytes:
    """Properties as winmail.dat lists them; a named one that nobody needs stands first."""
    rows = [struct.pack("<HH", 0x0003, 0x8001) + bytes(16) + struct.pack("<II", 0, 7) + struct.pack("<I", 1)]
    for tag, value in said.items():
        if isinstance(value, datetime):
            rows.append(struct.pack("<HHQ", 0x40, tag, ticks(value)))
        elif isinstance(value, int):
            rows.append(struct.pack("<HHI", 0x03, tag, value))
        else:
            kind, data = (
                (0x102, value) if isinstance(value, bytes) else (0x1F, str(value).encode("utf-16-le") + b"\0\0")
            )
            if tag == 0x3701:
                kind = 0x0D
            rows.append(struct.pack("<HHII", kind, tag, 1, len(data)) + data + bytes(-len(data) % 4))
    return struct.pack("<I", len(rows)) + b"".join(rows)


# --- rich text ----------------------------------------------------------------------------------------------


def compressed(text: bytes) -> bytes:
    """Rich text in Outlook's compression, letters only, with the mark of the end."""
    out, start = bytearray(), 207
    for at in range(0, len(text) + 1, 8):
        piece = text[at : at + 8]
        if len(piece) == 8:
            out += b"\x00" + piece
        else:
            end = (start + at + len(piece)) % 4096
            out += bytes([1 << len(piece)]) + piece + bytes([end >> 4, (end & 15) << 4])
    return struct.pack("<IIII", len(out) + 12, len(text), 0x75465A4C, 0) + bytes(out)
