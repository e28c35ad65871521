"""Run a command that ends when whoever started it ends: `python config/leash.py PARENT COMMAND...`

A supervisor that is killed cannot tell its children. Linux can (prctl), but only a child can ask for it, and a
process with threads must not run code between fork and exec; so this stands between. Standard library only.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it ended before we asked
            sys.exit(1)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
