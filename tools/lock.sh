#!/bin/sh
# Resolve pyproject.toml into requirements.lock: every version pinned, every file by its hash, for all
# supported Pythons at once.  Options are passed to `uv pip compile`, for example --upgrade.
set -eu

tool=build/lock-tool
python=$("$(dirname "$0")/find-python.sh")
"$python" -m venv --clear "$tool"
"$tool/bin/pip" install --quiet --disable-pip-version-check uv==0.13.8

# No sources are ever built at install, so none may be needed; no index, because where packages come from
# is the business of the machine that installs them.
"$tool/bin/uv" --no-config pip compile pyproject.toml \
    --extra dev \
    --extra ray \
    --universal --python-version 3.11 \
    --generate-hashes \
    --no-build \
    --no-emit-index-url --no-emit-find-links \
    --custom-compile-command "make lock" \
    --quiet \
    --output-file requirements.lock \
    "$@"
