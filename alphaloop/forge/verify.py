"""Whether a repository is what it says: objects, keys, ledger, pull requests, and every commit on main.

Works on any clone, without keys, network or model.  What nobody can see from inside is said here too: an
owner who drops entries after the last anchor on main, on a clone that never saw them.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from alphaloop.errors import AlphaLoopError, Untrusted
from alphaloop.facts.claim import Claim, Holds
from alphaloop.forge import chain, commits, high_water, landing, mainline, reading
from alphaloop.forge.chain import LEDGER, Chain
from alphaloop.forge.git import EVERYTHING, Repository
from alphaloop.forge.keys import listed, signers
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.landing import Landing
from alphaloop.forge.ledger import LocalLedger
from alphaloop.forge.pull_requests import Conversations
from alphaloop.forge.report import Anchor, Report


def verify(folder: Path) -> Report:
    """Check all that can be checked from the repository alone; never raises for what it finds there."""
    git = Repository(folder)
    try:
        return _verified(git)
    finally:
        git.close()


def _verified(git: Repository) -> Report:
    verified = Chain()
    # Before the ledger: read after it, another writer may have moved both on.
    marked = _marked(git)
    claims = [_claim("objects", partial(_objects, git))]
    ledger = _claim("ledger", partial(_ledger, git, verified))
    claims += [ledger, _claim("high-water mark", partial(_high_water, marked, verified))]
    landings: tuple[Landing, ...] = ()
    if ledger.holds is Holds.OK:
        view = LocalLedger(git, KeyFolder(git.folders.private / "keys"))
        claims.append(_claim("public keys", partial(_keys, git, verified)))
        landings = landing.of(verified.entries)
        claims += [
            _claim(f"landing {record.commit[:12]}", partial(mainline.check_landing, git, verified, record))
            for record in landings
        ]
        claims += list(_main(git, verified, landings))
        claims += list(_pull_requests(git, verified, view))
    anchors = tuple(
        Anchor(record.entry.number, record.how, record.commit, record.base) for record in landings
    )
    return Report(tuple(claims), tuple(verified.entries), anchors)


def _claim(what: str, check: Callable[[], str]) -> Claim:
    try:
        return Claim(what, Holds.OK, check())
    except AlphaLoopError as found:
        return Claim(what, Holds.FALSE, str(found))


def _objects(git: Repository) -> str:
    status, out, err = git.attempt("fsck", "--full", "--no-dangling", "--no-progress")
    if status:
        words = " ".join((out + err).decode("utf-8", "replace").split())
        raise Untrusted(f"git fsck finds damage: {words[:500]}; restore the repository from a clone")
    return "git fsck finds every object whole"


def _ledger(git: Repository, verified: Chain) -> str:
    tip = git.ref(LEDGER)
    if tip is None:
        raise Untrusted(
            "there is no branch alphaloop/ledger, and nothing can be checked without it; in a fresh clone "
            f"run `git fetch origin {' '.join(EVERYTHING)}`"
        )
    for commit in chain.missing_commits(git, verified, tip):
        verified.extend(git, commit)
    return (
        f"{len(verified.entries)} entries: signatures, links, numbers, keys and pages hold up to {tip[:12]}"
    )


def _marked(git: Repository) -> high_water.Mark | Untrusted:
    """The high-water mark, or why it is none."""
    try:
        return high_water.read(git.folders.private)
    except Untrusted as wrong:
        return wrong


def _high_water(marked: high_water.Mark | Untrusted, verified: Chain) -> str:
    if isinstance(marked, Untrusted):
        raise marked
    high_water.check(marked, verified.entries)
    if not marked:
        return "this clone has seen no entry before, so it cannot tell whether later ones were dropped"
    return "the ledger still holds the furthest entry that was seen here"


def _keys(git: Repository, verified: Chain) -> str:
    founding = str(verified.entries[0].body.get("founding", ""))
    ring = signers.read(git.file(founding, signers.PATH).decode("utf-8", "replace"))
    if dict(ring.keys) != dict(verified.ring_at(0).keys):
        raise Untrusted(f"{signers.PATH} of the first commit and the genesis entry name different keys")
    commits.signer(git.commit(founding), ring)
    return listed.check(git, verified)


def _main(git: Repository, verified: Chain, landings: tuple[Landing, ...]) -> Iterator[Claim]:
    try:
        founding = str(verified.entries[0].body.get("founding", ""))
        history = mainline.history(git, founding)
        rings = verified.rings_of_main(history)
        missing = [record.commit for record in landings if record.commit not in history]
    except AlphaLoopError as found:
        yield Claim("main", Holds.FALSE, str(found))
        return
    for commit in missing:
        yield Claim(
            "main", Holds.FALSE, f"the ledger landed {commit}, and main does not contain it: run again"
        )
    landed = {record.commit for record in landings}
    direct = [commit for commit in history if commit not in landed and commit != founding]
    for commit in direct:
        yield _claim(f"main {commit[:12]}", partial(mainline.check_by_hand, git, rings[commit], commit))
    yield Claim("main", Holds.OK, f"{len(history)} commits, {len(landed)} of them landed by the ledger")


def _pull_requests(git: Repository, verified: Chain, view: LocalLedger) -> Iterator[Claim]:
    talks = Conversations(git, KeyFolder(git.folders.private / "keys"), view)
    try:
        numbers = talks.numbers()
    except AlphaLoopError as found:
        yield Claim("pull requests", Holds.FALSE, str(found))
        return
    for number, entry in reading.numbered(verified.entries).items():
        if number not in numbers and reading.spoken_of(verified.entries, number):
            lost = f"{entry.signer} opened it, and its reference is gone: fetch refs/alphaloop/* from a clone"
            yield Claim(f"pull request {number}", Holds.FALSE, lost)
    for number in numbers:
        yield _claim(f"pull request {number}", partial(mainline.check_talk, git, talks, view, number))
