#!/usr/bin/env bash
# Make .venv ready for what is about to be done. Called by the Makefile; safe to call again, or twice at once.
#
#   tools/setup.sh tools     .venv and the pinned uv in it
#   tools/setup.sh runtime   what `make run` needs
#   tools/setup.sh dev       what the tests and checks need besides, chromium, gettext, a Chinese font and mail servers included
#
# pip brings uv by its hash, uv brings the rest by theirs. Nothing is asked of the network when the requirement
# files are the ones that were installed last. System packages are installed where we may, otherwise one line
# says what to type. PYTHON names another interpreter than python3.
set -euo pipefail
cd "$(dirname "$0")/.."

level="${1:-runtime}"
PYTHON="${PYTHON:-python3}"
venv=.venv
python="$venv/bin/python"

say() { printf '%s\n' "$*" >&2; }
die() { say "suji: $*"; exit 1; }

# -- the interpreter -------------------------------------------------------------------------------------------

command -v "$PYTHON" >/dev/null 2>&1 ||
    die "no Python found as \"$PYTHON\". Suji needs Python 3.11 or later; name another with: make run PYTHON=/path/to/python3"
version="$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')" ||
    die "\"$PYTHON\" does not start. Name another with: make run PYTHON=/path/to/python3"
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    die "\"$PYTHON\" is Python $version; Suji needs 3.11 or later. Name another with: make run PYTHON=/path/to/python3"

# -- one at a time: `make run` and `make test` may be started together -------------------------------------------

mkdir -p .tools
if command -v flock >/dev/null 2>&1; then
    exec 9>.tools/lock
    flock -n 9 || { say "Waiting for another set-up of this folder to finish ..."; flock 9; }
else # no flock on this system: a folder can be made only once
    tries=0
    until mkdir .tools/lock.d 2>/dev/null; do
        [ "$tries" -gt 0 ] || say "Waiting for another set-up of this folder to finish ..."
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || die "waited ten minutes; if no other set-up is running, remove .tools/lock.d"
        sleep 1
    done
    trap 'rmdir .tools/lock.d' EXIT
fi

# -- system packages -------------------------------------------------------------------------------------------

system_packages() { # NAME...: install what is missing, or say what to type; 1 if something stays missing
    command -v dpkg-query >/dev/null 2>&1 || { say "suji: please install with your system's packages: $*"; return 1; }
    local name missing=() root=()
    for name in "$@"; do
        dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        if sudo -n true >/dev/null 2>&1; then root=(sudo -n); else
            say "suji: missing system packages; please type: sudo apt-get install ${missing[*]}"
            return 1
        fi
    fi
    say "Installing system packages: ${missing[*]} ..."
    local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
    if ! "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >.tools/apt.log 2>&1; then
        # Most often the package lists are old or were never fetched.
        { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } \
            </dev/null >.tools/apt.log 2>&1 || {
            say "suji: apt-get could not install them (see .tools/apt.log); please type: sudo apt-get install ${missing[*]}"
            return 1
        }
    fi
}

# -- .venv with uv ---------------------------------------------------------------------------------------------

works() { [ -x "$python" ] && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if ! works || ! "$python" -c 'import pip' 2>/dev/null; then
    if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
        system="$("$PYTHON" -c 'import sys; print(sys.prefix)')"
        wanted=python3-venv # Debian keeps it apart; an interpreter that is not the system's own has its own package
        [ "$system" = /usr ] && [ "$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')" != "$version" ] &&
            wanted="python$version-venv"
        system_packages "$wanted" || exit 1 # it has said what to type
        "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null ||
            die "\"$PYTHON\" cannot make virtual environments. Name another with: make run PYTHON=/path/to/python3"
    fi
    say "Making $venv with Python $version ..."
    "$PYTHON" -m venv --clear "$venv"
fi

sum() { "$python" - "$@" <<'PY'
import hashlib, sys
print(hashlib.sha256(b"".join(open(name, "rb").read() for name in sys.argv[1:])).hexdigest(), sys.version.split()[0])
PY
}

installed() { # LEVEL: were exactly these files installed by this Python?
    [ -f "$venv/.suji-$1" ] && [ "$(cat "$venv/.suji-$1")" = "$(sum "requirements/$1.txt")" ]
}

if ! installed tools || ! "$python" -c 'import uv' 2>/dev/null; then
    "$python" -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements/tools.txt ||
        die "pip could not install requirements/tools.txt; is there a network? A mirror is named with: make run PIP_INDEX_URL=..."
    sum requirements/tools.txt >"$venv/.suji-tools"
fi

# -- packages --------------------------------------------------------------------------------------------------

# Who set pip up for a mirror means uv too; and the system's certificates count, as they do for pip on Debian.
if [ -z "${UV_DEFAULT_INDEX:-}" ]; then
    index="${PIP_INDEX_URL:-$("$python" -m pip config list 2>/dev/null | sed -n "s/^global\.index.url='\(.*\)'\$/\1/p" || true)}"
    [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
fi
[ ! -s /etc/ssl/certs/ca-certificates.crt ] || export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"

uv_install() { # LEVEL SENTENCE
    local quiet=()
    [ -t 2 ] || quiet=(--quiet)
    say "$2"
    "$python" -m uv --no-config pip install "${quiet[@]}" --python "$python" --require-hashes -r "requirements/$1.txt" ||
        die "the packages of requirements/$1.txt could not be installed; is there a network?"
    sum "requirements/$1.txt" >"$venv/.suji-$1"
}

case "$level" in
    tools) ;;
    runtime)
        # dev.txt holds runtime.txt at the same versions, so a .venv for the tests also runs.
        installed runtime || uv_install runtime "Installing the packages Suji runs on ..."
        ;;
    dev)
        if ! installed dev; then
            uv_install dev "Installing the packages for tests and checks ..."
            sum requirements/runtime.txt >"$venv/.suji-runtime"
        fi
        # What stays missing is said again, loudly, by the tests that needed it.
        wanted=() # chromium and a Chinese font draw pages; postfix, dovecot and strace stand at the doors
        command -v msgfmt >/dev/null 2>&1 || wanted+=(gettext)
        { command -v chromium || command -v google-chrome; } >/dev/null 2>&1 || wanted+=(chromium)
        fc-list :lang=zh 2>/dev/null | grep -q . || wanted+=(fonts-noto-cjk)
        [ -x /usr/sbin/postfix ] || wanted+=(postfix)
        [ -x /usr/sbin/dovecot ] || wanted+=(dovecot-imapd)
        command -v strace >/dev/null 2>&1 || wanted+=(strace)
        [ "${#wanted[@]}" -eq 0 ] || system_packages "${wanted[@]}" || true
        ;;
    *) die "usage: tools/setup.sh tools|runtime|dev" ;;
esac
