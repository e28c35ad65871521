#!/usr/bin/env bash
# Compile requirements/*.txt from pyproject.toml, for every Python from 3.11 and every platform, with hashes.
# Pins that still fit stay; --upgrade moves them. runtime.txt binds dev.txt, so the two never disagree.
set -euo pipefail
cd "$(dirname "$0")/.."

[ ! -s /etc/ssl/certs/ca-certificates.crt ] || export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"
compile() {
    .venv/bin/python -m uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header "$@" >/dev/null
}
compile "$@" pyproject.toml -o requirements/runtime.txt
compile "$@" pyproject.toml --group dev -c requirements/runtime.txt -o requirements/dev.txt
# The pinned uv itself: move the version in this line.
compile "$@" - -o requirements/tools.txt <<<"uv==0.13.9"
git --no-pager diff --stat -- requirements || true
