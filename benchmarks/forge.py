"""What governance costs, against its limits, and against plain git that stores, signs and checks the same.

Git's own part is what a shell script would do: one process for each object, ssh-keygen for each signature.
Medians of rounds of both in turn; the ledger of a thousand entries is checked once.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from figure import figure

from alphaloop.agents import canary
from alphaloop.doors.newborn import founded
from alphaloop.doors.verifying import verified
from alphaloop.facts.claim import Claim, Holds
from alphaloop.facts.decision import Decision
from alphaloop.facts.verdict import Stance
from alphaloop.forge.chain import LEDGER
from alphaloop.forge.local import LocalForge
from alphaloop.ports import Merged
from alphaloop.rules import gate
from alphaloop.rules.constitution.reading import read
from alphaloop.rules.entries import decisions, measured, releases
from alphaloop.wiring import desk_at

EVENTS, ENTRIES = 200, 1_000
ROUNDS = 7
SIGNED = 40
"""So many of git's signature checks are timed, and their cost is told for all."""


def main() -> None:
    """Measure the four numbers on one desk."""
    with tempfile.TemporaryDirectory(prefix="bench-forge-") as scratch:
        folder = Path(scratch) / "desk"
        founded(folder, (), "null", "alice", lambda words: None)
        with _opened(folder) as forge:
            source = forge.file(forge.main(), "strategy.py")
            forge.open("quant", "Widen", "It pays.", {"strategy.py": source + b"# wider\n"}, "turn:1")
            appended(forge)
        decided(folder)
        checked(folder)
        taken_back(folder)


def appended(forge: LocalForge) -> None:
    """One comment on a pull request, until it has 200 events; then one entry of the ledger."""
    ours, theirs = [], []
    for number in range(EVENTS - 1):
        ours.append(
            seconds(lambda n=number: forge.comment(1, "human:alice", f"Comment {n}.", f"comment:{n}"))
        )
        if number % 10 == 0:
            theirs.append(seconds(lambda: by_git(forge, "refs/alphaloop/pr/1", "event.json")))
    _against("an event appended", statistics.median(ours), 0.025, statistics.median(theirs))
    entries = [seconds(lambda n=number: _trial(forge, n)) for number in range(21)]
    theirs = [seconds(lambda: by_git(forge, LEDGER, "entry.json")) for _ in range(ROUNDS)]
    _against("a ledger entry appended", statistics.median(entries), 0.025, statistics.median(theirs))


def by_git(forge: LocalForge, ref: str, file: str) -> None:
    """Store and sign the newest statement of `ref` once more, as a script would, without moving `ref`."""
    root = forge.git.folders.root
    blob = git(root, "hash-object", "-w", "--stdin", given=git(root, "show", f"{ref}:{file}"))
    listing = "\n".join(
        line if file not in line else f"100644 blob {blob.strip()}\t{file}"
        for line in git(root, "ls-tree", ref).splitlines()
    )
    tree = git(root, "mktree", given=listing).strip()
    commit = git(root, "commit-tree", "-S", "-p", ref, "-m", "the same", tree).strip()
    git(root, "update-ref", "refs/bench", commit)


def decided(folder: Path) -> None:
    """Everything from an unread repository to the gate's answer, every signature checked on the way."""
    ours = [seconds(lambda: decide(folder)) for _ in range(ROUNDS)]
    command = [sys.executable, str(Path(__file__).resolve()), str(folder)]
    fresh = [float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(3)]
    theirs = seconds(lambda: signatures(folder, "refs/alphaloop/pr/1")) * EVENTS / SIGNED
    _against(f"a decision on {EVENTS} events", statistics.median(ours), 0.150, theirs)
    _against("the same in a fresh process, imports apart", statistics.median(fresh), 0.150, theirs)


def decide(folder: Path) -> Decision:
    """The gate's answer on change 1, by what git holds."""
    with _opened(folder) as forge:
        change = forge.change(1)
        assert len(forge.conversation(1)) == EVENTS
        seats = read(lambda path: forge.file(change.base, path)).seats
        return gate.decided(forge.ledger.entries(), change, seats)


def taken_back(folder: Path) -> None:
    """A canary that landed is taken back under the law that it ran by: the whole of `alphaloop rollback`."""
    with desk_at(folder, lambda words: None, seed=1) as desk:
        change = desk.forge.change(1)
        decision = Decision(1, change.head, change.base, Stance.APPROVE, ())
        desk.ledger.append(decisions.decision(desk.ledger.entries(), decision, change), "sre")
        shadow = releases.confirmed_commit(desk.ledger.entries())
        landed = desk.forge.merge(change, decision, "sre", releases.release(change, shadow))
        assert isinstance(landed, Merged)
        theirs = seconds(lambda: git(folder, "revert", "--no-edit", "-S", "-m", "1", "main"))
        git(folder, "reset", "--quiet", "--hard", landed.commit)
        ours = seconds(lambda: canary.abandon(desk, "asked for"))
    _against("a rollback offline", ours, 1.0, theirs)


def checked(folder: Path) -> None:
    """A ledger of a thousand entries, checked; half of them are decisions to recompute."""
    with _opened(folder) as forge:
        while len(forge.ledger.entries()) < ENTRIES:
            _trial(forge, len(forge.ledger.entries()))
            _held(forge)
    found: list[Claim] = []
    ours = seconds(lambda: found.extend(verified(folder, 0, lambda words: None)))
    assert not [claim for claim in found if claim.holds is Holds.FALSE]
    theirs = seconds(lambda: git(folder, "fsck", "--full"))
    theirs += seconds(lambda: signatures(folder, LEDGER)) * ENTRIES / SIGNED
    _against(f"verify on {ENTRIES} entries", ours, 10.0, theirs)


def signatures(folder: Path, ref: str) -> None:
    """The newest signatures of `ref`, checked by git."""
    found = git(folder, "log", f"--max-count={SIGNED}", "--format=%G?", ref).split()
    assert found == ["G"] * SIGNED


def _held(forge: LocalForge) -> None:
    """What the gate says of change 1 as long as nobody has judged it."""
    change, entries = forge.change(1), forge.ledger.entries()
    seats = read(lambda path: forge.file(change.base, path)).seats
    forge.ledger.append(decisions.decision(entries, gate.decided(entries, change, seats), change), "sre")


def _trial(forge: LocalForge, number: int) -> None:
    forge.ledger.append(measured.trial(forge.main(), number, None, scored=1), "quant")


def _against(what: str, ours: float, limit: float, git_s: float) -> None:
    """One row against the limit, one against git, in milliseconds."""
    told = f"{ours * 1e3:.0f} ms"
    figure(f"{what}, at most {limit * 1e3:.0f} ms", told, f"{limit * 1e3:.0f} ms", ours / limit, "<= 1")
    figure(f"{what}, against plain git", told, f"{git_s * 1e3:.0f} ms", ours / git_s)


def git(folder: Path, *arguments: str, given: str = "") -> str:
    """Plain git, as the desk's owner runs it, flushing to disk what the desk flushes."""
    flushed = ("-c", "core.fsync=committed,loose-object,reference", "-c", "core.hooksPath=/dev/null")
    command = ["git", *flushed, *arguments]
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, check=True)
    return done.stdout


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def _opened(folder: Path) -> Iterator[LocalForge]:
    forge = LocalForge(folder)
    try:
        yield forge
    finally:
        forge.shut()


if __name__ == "__main__":
    if sys.argv[1:]:
        print(seconds(lambda: decide(Path(sys.argv[1]))))
    else:
        main()
