"""What a process did, as strace wrote it down: whether a mail was on the disk before anybody heard a yes."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

STRACE = (
    *("strace", "-f", "-y", "-s", "6000", "--seccomp-bpf"),
    *("-e", "trace=recvfrom,read,sendto,write,pwrite64,fsync,fdatasync"),
)
CALL = re.compile(r"^(?P<pid>\d+) +(?P<name>\w+)\((?P<fd>\d+)<(?P<path>[^>]*)>(?P<said>.*)$", re.DOTALL)
RESUMED = re.compile(r"^(?P<pid>\d+) +<\.\.\. (?P<name>\w+) resumed>(?P<said>.*)$", re.DOTALL)
END_OF_MAIL = r"\r\n.\r\n"  # as strace writes it
YES = '"250 2.0.0 OK'
SYNCS = ("fsync", "fdatasync")


def missing() -> str | None:
    """Why nothing can be traced here; None when it can."""
    try:
        tried = subprocess.run([*STRACE, "-o", "/dev/null", "true"], capture_output=True, text=True, timeout=20)
    except FileNotFoundError:
        return "no strace (Debian: apt-get install strace)"
    return f"strace may not trace here: {tried.stderr.strip()[:200]}" if tried.returncode else None


def unproven(trace: Iterable[str], tokens: Iterable[str]) -> dict[str, str]:
    """The mails, by a word that stands in each, of which the trace does not show that they were safe before the yes.

    Shown is, in this order: the last byte of the mail is read from its connection; its bytes are written to the
    journal; a sync of the journal begins, and ends well; the yes is sent on that connection. Why not, in a sentence.
    """
    told = dict.fromkeys(tokens, "its end was never read")
    connection: dict[str, tuple[str, str]] = {}  # mail → process group's socket it came on, and how far it is
    open_syncs: dict[str, set[str]] = {}  # thread → the mails that a sync which is under way makes safe
    pending: dict[str, tuple[str, str, str]] = {}  # thread → call that was begun
    for line in trace:
        begun, ended = CALL.match(line), RESUMED.match(line)
        if begun:
            thread, name, where, said = begun["pid"], begun["name"], f"{begun['fd']}<{begun['path']}", begun["said"]
            is_journal = begun["path"].endswith("-wal")
            if name in SYNCS and is_journal:
                open_syncs[thread] = {mail for mail, (_on, step) in connection.items() if step == "written"}
            if name in ("write", "pwrite64") and is_journal:
                for mail, (on, step) in connection.items():
                    if step == "read" and mail in said:
                        connection[mail], told[mail] = (on, "written"), "it was written, and never synced"
            if name == "sendto" and YES in said:
                for mail, (on, step) in list(connection.items()):
                    if on == where:
                        told[mail] = "" if step == "safe" else f"yes was said, and {told[mail]}"
                        del connection[mail]
            if "<unfinished ...>" in said:
                pending[thread] = (name, where, said)
                continue
        elif ended and ended["pid"] in pending:
            thread, (name, where, said) = ended["pid"], pending.pop(ended["pid"])
            said += ended["said"]
        else:
            continue
        if name in SYNCS and thread in open_syncs:
            safe = open_syncs.pop(thread)
            if re.search(r"\) += 0\s*$", said):
                for mail in safe & connection.keys():
                    connection[mail] = (connection[mail][0], "safe")
        if name in ("recvfrom", "read") and END_OF_MAIL in said:
            for mail in told:
                if mail in said and told[mail].endswith("never read"):
                    connection[mail], told[mail] = (where, "read"), "it was never written"
    return {mail: why for mail, why in told.items() if why}


def lines_of(path: Path) -> list[str]:
    return path.read_text(errors="replace").splitlines()
