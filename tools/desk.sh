#!/bin/sh
# Run turns of the desk in a strategy repository, which is made first when it is not there yet.
# Usage: tools/desk.sh FOLDER TURNS [options of `alphaloop init`]
set -eu

folder=$1
turns=$2
shift 2
alphaloop=$PWD/.venv/bin/alphaloop

if [ ! -d "$folder" ]; then
    mkdir -p "$(dirname "$folder")"
    "$alphaloop" init "$folder" "$@"
fi

cd "$folder"
status=0
"$alphaloop" run --turns "$turns" --seed 1 || status=$?
# 1 means held or vetoed: a desk that says no has done its work.
[ "$status" -le 1 ] || exit "$status"
echo "The repository is $folder: git log, git log alphaloop/ledger and git for-each-ref refs/alphaloop tell its story." >&2
