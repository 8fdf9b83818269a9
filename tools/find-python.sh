#!/bin/sh
# Print a Python that can build the virtual environment, or say what is missing.
# PYTHON=... names the only candidate.
set -eu

for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    path=$(command -v "$candidate") || continue
    # The numpy that hftbacktest 2.4.4 allows has no wheels from 3.14 on.
    "$path" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || continue
    if "$path" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$path"
        exit 0
    fi
    without_venv=$path
done

if [ -n "${without_venv:-}" ]; then
    echo "$without_venv cannot make virtual environments: install its venv module" \
        "(Debian and Ubuntu: apt-get install python3-venv), or name another one with PYTHON=..." >&2
else
    echo "no Python 3.11, 3.12 or 3.13 among: ${PYTHON:-python3 python3.13 python3.12 python3.11};" \
        "install one, or name it with PYTHON=..." >&2
fi
exit 1
