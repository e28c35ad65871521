"""The pictures set aside are as they were before any rule was tuned."""

from __future__ import annotations

import hashlib

from tests.pictures.scenes import ASIDE, SEED, scenes


def test_what_was_set_aside_is_unchanged():
    sums = dict(reversed(line.split()) for line in (ASIDE / "SHA256SUMS").read_text("utf-8").splitlines())
    assert {name: hashlib.sha256((ASIDE / name).read_bytes()).hexdigest() for name in sums} == sums
    assert SEED == 20261122


def test_the_same_seed_makes_the_same_pictures_and_enough_of_them():
    once, again = list(scenes()), list(scenes())
    assert once == again
    assert len(once) >= 150
    assert len({scene.name for scene in once}) == len(once)
    assert sum(scene.part == "aside" for scene in once) >= len(once) // 5
