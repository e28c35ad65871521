import hashlib
from pathlib import Path

ASIDE = Path(__file__).parent / "aside"


def test_what_was_set_aside_is_as_it_was():
    sums = dict(line.split("  ")[::-1] for line in (ASIDE / "SHA256SUMS").read_text().splitlines())
    files = [path for path in ASIDE.iterdir() if path.suffix in (".txt", ".py")]
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files} == sums
