"""The scope stage: may these principals make this change at all?"""

from collections.abc import Iterator

from alphaloop.facts.change import RELEASE_PATHS, Change, Touched
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.role import Seats
from alphaloop.rules.ownership import may_write, owners
from alphaloop.rules.paths import CONSTITUTION, collisions, trick

REGULAR, DELETED = "100644", "000000"
_MODES = {
    "100755": "an executable file",
    "120000": "a symbolic link",
    "160000": "a submodule",
    "040000": "a folder",
}
# This version has no judge that plays these files, and nothing unjudged may run.
UNJUDGED = ("execution.py", "connectivity.yaml")
# Wherever these lie, git changes bytes at checkout, or fetches what nobody judged.
STEERING = (".gitattributes", ".gitmodules")
KEPT = (*RELEASE_PATHS, *(path for path in CONSTITUTION if not path.startswith(".")))


def out_of_scope(change: Change, seats: Seats) -> tuple[Finding, ...]:
    """Every veto of the scope stage, () when the change is in scope."""
    return (*_whole(change, seats), *(finding for touch in change.touched for finding in _one(touch, seats)))


def _whole(change: Change, seats: Seats) -> Iterator[Finding]:
    if not change.based:
        yield _veto(
            f"base {change.base[:12]} is no ancestor of head {change.head[:12]}; bring the branch up to main"
        )
    if not change.touched:
        yield _veto("the change touches no file; push a commit that changes something")
    if not seats.knows(change.author):
        yield _veto(f"the author {change.author!r} is neither a seat nor a registered human; see roles.yaml")
    for one, other in collisions((*change.files, *change.twins)):
        yield _veto(f"{other!r} and {one!r} differ only in case; rename it", other)


def _one(touch: Touched, seats: Seats) -> Iterator[Finding]:
    tricked = trick(touch.path)
    if tricked:
        yield _veto(f"the path {touch.path!r} is refused: {tricked}; rename it")
        return
    if not may_write(touch.committer, touch.path, seats):
        yield _veto(_not_theirs(touch, seats), touch.path)
    if touch.mode == DELETED and touch.path in KEPT:
        yield _veto(
            f"commit {touch.commit[:12]} deletes {touch.path}, which must stay; change it instead", touch.path
        )
    if touch.mode not in (REGULAR, DELETED):
        what = _MODES.get(touch.mode, "not a regular file")
        yield _veto(
            f"commit {touch.commit[:12]} makes it {what} (mode {touch.mode}); only mode {REGULAR} is taken",
            touch.path,
        )
    if touch.path.rpartition("/")[2].casefold() in STEERING and touch.mode != DELETED:
        yield _veto(
            "git acts on this file, so that what is checked out is not what was judged; remove it", touch.path
        )
    if touch.path in UNJUDGED:
        yield _veto(
            "this version of AlphaLoop cannot judge this file yet, so no change of it can land", touch.path
        )


def _not_theirs(touch: Touched, seats: Seats) -> str:
    if not seats.knows(touch.committer):
        return f"commit {touch.commit[:12]} is by {touch.committer!r}, whom roles.yaml does not know"
    named = owners(touch.path, seats)
    who = f"{' or '.join(named)} or a human" if named else "humans only"
    return f"commit {touch.commit[:12]} is by {touch.committer}, and this path belongs to {who}"


def _veto(message: str, path: str = "") -> Finding:
    return Finding("scope", Severity.VETO, message, path)
