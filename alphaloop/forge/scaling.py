"""Whether what a pull request holds is a scaling, read from git each time it is asked."""

from collections.abc import Collection, Sequence
from functools import partial

from alphaloop.errors import BadConfiguration
from alphaloop.facts.change import LIMITS, SCALED_PATHS, Scaling, Touched
from alphaloop.forge import commits
from alphaloop.forge.git import Repository
from alphaloop.forge.keys.signers import Ring
from alphaloop.rules import scaling
from alphaloop.rules.constitution.limits import limits
from alphaloop.rules.constitution.reading import read


def scaled(
    git: Repository, ring: Ring, author: str, base: str, head: str, touched: Sequence[Touched]
) -> Scaling | None:
    """What a pull request scales, None for every other change."""
    found = scaling_or_why(git, ring, author, base, head, touched)
    return found if isinstance(found, Scaling) else None


def scaling_or_why(
    git: Repository, ring: Ring, author: str, base: str, head: str, touched: Sequence[Touched]
) -> Scaling | str:
    """What the commits from `base` to `head`, which `author` proposed, scale; or why they scale nothing.

    ring: the keys in force.  Every commit counts, those that touch nothing too: a seat may not even join two
    commits of people.
    """
    paths = {touch.path for touch in touched}
    if tuple(sorted(paths)) != SCALED_PATHS:
        # Before anything is read: of all other changes this is asked too.
        return f"it touches other files than {' and '.join(SCALED_PATHS)}"
    if not git.descends(base, head):
        return f"it does not stand on {base[:12]}"
    signers = {author, *(commits.committer_or_nobody(git.commit(one), ring) for one in git.since(base, head))}
    try:
        seats = read(partial(git.file, base)).seats
        return scaling.scaling(paths, signers, seats, partial(git.file, base), partial(git.file, head))
    except BadConfiguration as wrong:
        return str(wrong)


def loosening(git: Repository, paths: Collection[str], source: str, onto: str) -> tuple[str, ...]:
    """The limits that a restore of `paths` from commit `source` onto commit `onto` would loosen.

    Raises BadConfiguration where limits are among them, and those of either commit cannot be read.
    """
    if LIMITS not in paths:
        return ()
    return scaling.loosened(limits(git.file(onto, LIMITS)), limits(git.file(source, LIMITS)))
