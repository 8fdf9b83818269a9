"""Hooks that refuse to rewrite or delete what only grows: ledger, pull requests, and main where it is shared.

Git offers no more than this: a hook can be switched off by whoever may write the repository's files or set
`core.hooksPath`.  So hooks keep accidents out, and `alphaloop verify` sees the rest.
"""

from pathlib import Path

from alphaloop.errors import Misuse, RepositoryFailure
from alphaloop.forge.folders import folders_of

NAMES = ("update", "reference-transaction")
"""What a push is asked, one reference at a time; and what any change of references is asked."""
_MARK = "# Written by alphaloop."
SCRIPT = f"""#!/bin/sh
{_MARK} It keeps accidents out; `alphaloop verify` sees what goes around it.

refuse() {{
    echo "alphaloop: $1 only grows, and $2: fetch, put yours on top, and push again" >&2
    exit 1
}}

# `git pack-refs` removes a loose copy once it is packed; who deletes for good holds the lock of the packed.
packed() {{
    common=$(git rev-parse --git-common-dir) && [ ! -e "$common/packed-refs.lock" ] &&
        grep -q -x -F "$2 $1" "$common/packed-refs" 2>/dev/null
}}

judge() {{
    old=$(git rev-parse --quiet --verify "$1^{{commit}}") || return 0
    case "$2" in *[!0]*) ;; *) packed "$1" "$old" && return 0; refuse "$1" "this would delete it" ;; esac
    git merge-base --is-ancestor "$old" "$2" || refuse "$1" "this would take back what stands there"
}}

case "${{0##*/}}" in
update)
    case "$1" in
    refs/heads/main | refs/heads/alphaloop/ledger | refs/alphaloop/*) judge "$1" "$3" ;;
    esac
    ;;
reference-transaction)
    [ "$1" = prepared ] || exit 0
    while read -r _ new ref; do
        case "$ref" in
        refs/heads/alphaloop/ledger | refs/alphaloop/*) judge "$ref" "$new" ;;
        esac
    done
    ;;
esac
exit 0
"""


def install(folder: Path) -> tuple[Path, ...]:
    """Put the hooks into the repository at `folder`; answers which files.

    Raises Misuse, having written nothing, where a hook of somebody else's stands in the place of one.
    """
    hooks = folders_of(folder).common_dir / "hooks"
    places = tuple(hooks / name for name in NAMES)
    try:
        for place in places:
            if place.is_symlink() or (place.exists() and _MARK not in place.read_text(errors="replace")):
                raise Misuse(
                    f"{place} is a hook of somebody else's: call it from a hook of your own, or move it"
                )
        hooks.mkdir(exist_ok=True)
        for place in places:
            _write(place)
    except OSError as wrong:
        raise RepositoryFailure(f"{hooks} cannot be written: {wrong}; mend that, run again") from wrong
    return places


def _write(place: Path) -> None:
    fresh = place.with_name(f".{place.name}.fresh")
    fresh.write_text(SCRIPT)
    fresh.chmod(0o755)
    fresh.replace(place)
