"""Bringing a clone and its origin together: fetch, join, import, push; nothing is ever forced.

The ledger stays linear, and origin's compare-and-swap is its only writer.  Everything is built as objects on
top of what origin has, pushed all or none, and only then do the references here move.
"""

from collections.abc import Mapping

from alphaloop.errors import BadConfiguration, Refused, RepositoryFailure, Untrusted
from alphaloop.forge import high_water, landing, mainline, pages, worktree
from alphaloop.forge.chain import LEDGER, Chain, missing_commits
from alphaloop.forge.contention import attempts
from alphaloop.forge.git import Repository
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.pull_requests import Conversations
from alphaloop.forge.reading import MAIN
from alphaloop.forge.syncing import remote
from alphaloop.forge.syncing.carrying import Carried, Carrier
from alphaloop.forge.syncing.sides import LEFT, Plan, Sides, planned, signing
from alphaloop.forge.syncing.unpublished import Unpublished


def sync(
    git: Repository, keys: KeyFolder, ledger: LocalLedger, origin: str, by: str | None
) -> tuple[str, ...]:
    """Make this clone and `origin` hold the same; answers in words what people must know.

    by: the principal that signs imports and joins, None where nobody's key is here.  Raises Refused where a
    human must decide first, and Untrusted when origin is another desk or lost what was seen there.
    """
    remote.checked(origin)
    words = ""
    for _ in attempts(git, (LEDGER, MAIN)):
        there = remote.fetched(git, origin)
        here = git.refs("refs/heads") | git.refs("refs/alphaloop") | git.refs(LEFT)
        plan, final = _plan(git, keys, ledger, origin, there, here, by)
        _refuse_obstacle(git, plan, here)
        pushes = plan.pushes(there)
        words = remote.pushed(git, origin, pushes) if pushes else ""
        if words:
            if remote.fetched(git, origin) == there and "lock" not in words:
                raise RepositoryFailure(f"{origin} refused the push: {words}; mend that and sync again")
            continue
        if _moved(git, ledger, origin, plan, final, here):
            return tuple(plan.words)
    raise RepositoryFailure(f"{origin} stayed busy ({words or 'references moved here'}): sync again")


def _plan(
    git: Repository,
    keys: KeyFolder,
    ledger: LocalLedger,
    origin: str,
    there: Mapping[str, str],
    here: Mapping[str, str],
    by: str | None,
) -> tuple[Plan, Chain]:
    ours = ledger.chain() if LEDGER in here else Chain()
    theirs = _read(git, origin, there)
    if not ours.entries and not theirs.entries:
        raise BadConfiguration(
            f"neither this repository nor {origin} has a ledger: make a desk with `alphaloop init`"
        )
    if ours.entries and theirs.entries and ours.genesis != theirs.genesis:
        raise Untrusted(f"{origin} is another desk: its ledger begins at {theirs.genesis[:12]}")
    fork = _common(ours, theirs)
    carried = Carried()
    final = theirs
    if fork == len(theirs.entries):
        final = ours
    elif fork < len(ours.entries):
        signer = signing(by, f"imports {len(ours.entries) - fork} entries of this clone")
        # The chain grows while it carries, and `fork` entries of it stay as they were.
        carried = Carrier(git, keys, ours, Unpublished(git, keys, final), signer).carry(fork)
    talks = Conversations(git, keys, Unpublished(git, keys, final))
    plan = planned(Sides(git, ours, final, here, there, talks, by), carried.moves, fork)
    plan.words[:0] = _counted(carried)
    _vouch(git, final, plan)
    return plan, final


def _vouch(git: Repository, final: Chain, plan: Plan) -> None:
    """Neither push nor check out a main that nobody answers for."""
    if MAIN in plan.both:
        landed = {record.commit for record in landing.of(final.entries)}
        mainline.vouch(git, final, landed, plan.both[MAIN])


def _read(git: Repository, origin: str, there: Mapping[str, str]) -> Chain:
    """Origin's ledger, verified from its first entry on, and still holding all that was seen there before."""
    chain = Chain()
    seen = high_water.read(git.folders.private, _mark(origin))
    if LEDGER in there:
        for commit in missing_commits(git, chain, there[LEDGER]):
            chain.extend(git, commit)
    high_water.check(seen, chain.entries)
    return chain


def _common(ours: Chain, theirs: Chain) -> int:
    """How many entries both begin with."""
    pairs = zip(ours.entries, theirs.entries, strict=False)
    return next(
        (place for place, (mine, other) in enumerate(pairs) if mine.commit != other.commit),
        min(len(ours.entries), len(theirs.entries)),
    )


def _counted(carried: Carried) -> list[str]:
    if not carried.fresh:
        return carried.words
    count = len(carried.fresh)
    first = f"{count} entries of this clone were imported: they count as trials and promote nothing"
    return [first, *carried.words]


def _refuse_obstacle(git: Repository, plan: Plan, here: Mapping[str, str]) -> None:
    before, after = here.get(MAIN), plan.both.get(MAIN)
    if before and after and before != after:
        obstacle = worktree.obstacle(git, before, after)
        if obstacle:
            raise Refused(obstacle)


def _moved(
    git: Repository, ledger: LocalLedger, origin: str, plan: Plan, final: Chain, here: Mapping[str, str]
) -> bool:
    """Move the references here to what was pushed; False when one moved meanwhile."""
    moves = plan.moves(here)
    before, after = here.get(MAIN), plan.both.get(MAIN)
    follows = before is not None and after is not None and before != after
    if LEDGER in here and here[LEDGER] != final.tip:
        high_water.expect(git.folders.private, final.entries[-1])
    if follows and before and after:
        worktree.announce(git, before, after)
    if moves and not git.move(moves):
        if after:
            worktree.withdraw(git, after)
        return False
    if follows and before and after:
        worktree.follow(git, before, after)
    ledger.forget()
    ledger.chain()
    high_water.lift(git.folders.private, final.entries, _mark(origin))
    _show_pages(git, final)
    return True


def _show_pages(git: Repository, chain: Chain) -> None:
    shown = {name: git.blob(identity).decode("utf-8", "replace") for name, identity in chain.pages.items()}
    pages.show(git.folders, shown)


def _mark(origin: str) -> str:
    return f"{high_water.NAME}-{remote.name_of(origin)}"
