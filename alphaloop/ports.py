"""The protocols between the parts, and the frozen desk that holds one of each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

from alphaloop.contract import Fill, Quote, Trade
from alphaloop.facts.change import Change, Scaling
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Entry
from alphaloop.facts.hypothesis import Proposal
from alphaloop.facts.mark import Mark
from alphaloop.facts.metric import Record
from alphaloop.facts.order import Report, Side
from alphaloop.facts.suggestion import Suggestion


class Exchange(Protocol):
    """A matching engine in market time, in integer ticks and lots; orders are post-only limit orders."""

    @property
    def now_ns(self) -> int:
        """Market time at the trader."""

    def advance(self, until_ns: int) -> bool:
        """Let market time pass to `until_ns`, or to the receipt of the next report if that is earlier.

        False when the tape has ended.
        """

    def submit(self, order: int, side: Side, ticks: int, lots: int) -> None:
        """Send a new order; what became of it comes as a report."""

    def cancel(self, order: int) -> None:
        """Ask for an order to be cancelled; the acknowledgement comes as a report."""

    def reports(self) -> Sequence[Report]:
        """What was received since the last call, in order of receipt."""

    def close(self) -> None:
        """Give back the engine's memory."""


Shown = tuple[
    float, float, float, float, float, float, float, float, float | None, float | None, float | None
]
"""The fields of a Book in their order: time, bid, ask, bid_size, ask_size, mid, position, volatility, mark,
index, funding_rate.  The Book itself is made where the strategy is.
"""


class Worker(Protocol):
    """An isolated strategy in conversation.  Every call raises StrategyFault when the strategy misbehaves."""

    def on_book(self, shown: Shown) -> list[Quote]:
        """All quotes wanted now: sides are "buy" or "sell", prices and sizes finite floats."""

    def on_trade(self, trade: Trade) -> None:
        """Tell of a trade of others."""

    def on_fill(self, fill: Fill) -> None:
        """Tell of an own fill."""

    def on_timer(self, now: float) -> None:
        """Tell that a second of market time has passed."""

    def watch(self) -> tuple[int, frozenset[int]]:
        """Begin to watch, and tell how many keys the strategy keeps and which of its lines were reached."""

    def spent_s(self) -> float:
        """Processor seconds that it has worked; where nobody knows, wall seconds that it was waited for."""

    def close(self) -> None:
        """End the worker and everything that it started."""

    def abandon(self) -> None:
        """End the worker without a last word, whatever it is doing; raises nothing of the strategy's."""


@dataclass(frozen=True, slots=True)
class TestRun:
    """What the repository's own tests did in the sandbox: `finished` is False on time-out or crash."""

    __test__ = False

    finished: bool
    passed: int
    failed: int
    words: str


class Sandbox(Protocol):
    """A way to run untrusted code; `tainted` evidence can never merge.

    holds_prover: whether the symbolic search, which runs a strategy inside its own process, may start one
    beside this sandbox's workers behind the same walls.
    """

    name: str
    tainted: bool
    holds_prover: bool

    def start(self, source: bytes, hash_seed: int = 0) -> Worker:
        """A fresh worker that holds `Strategy(PARAMS)` of this source."""

    def run_tests(self, files: Mapping[str, bytes], seconds: float) -> TestRun:
        """Run the pytest files among `files` (path → content), with our own configuration."""

    def close(self) -> None:
        """End everything that this sandbox started."""


class Keys(Protocol):
    """The seats' private keys, as far as this machine has them."""

    def holds(self, principal: str) -> bool:
        """Whether this machine can sign as `principal`."""

    def signature(self, principal: str, message: bytes) -> bytes:
        """The raw ed25519 signature, which is deterministic: the same words give the same 64 bytes."""


class Ledger(Protocol):
    """The append-only, signed, linear history."""

    def entries(self) -> tuple[Entry, ...]:
        """All entries from genesis on, with every signature and link checked; raises Untrusted else."""

    def append(self, draft: Draft, signer: str, onto: str = "") -> Entry:
        """Add an entry by compare-and-swap; a key that is there already answers the entry that holds it.

        onto: the entry that must still be the newest; raises Stale where another was added since.
        """

    def render(self, pages: Mapping[str, str], signer: str) -> Entry:
        """Put pages such as task.md into the tree of the ledger branch; unchanged pages change nothing."""


@dataclass(frozen=True, slots=True)
class Said:
    """One event of a pull request as people read it.

    verb: opened, pushed, commented, answered, labelled, unlabelled, checked, drafted, readied, closed,
    reopened or merged; key: what its writer calls it, so that nothing is said twice.
    """

    commit: str
    author: str
    verb: str
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """The merge landed: main is `commit`."""

    commit: str


@dataclass(frozen=True, slots=True)
class NotMerged:
    """The merge did not land: `how` is stale, conflict or blocked; `words` say why and what to do."""

    how: str
    words: str


class Forge(Protocol):
    """Branches, pull requests and merges.  Every write takes an idempotency key or is one by nature."""

    def main(self) -> str:
        """The commit that main points at."""

    def resolve(self, words: str) -> str | None:
        """The commit that a branch, tag or abbreviated id stands for, or None."""

    def branch(self, name: str) -> str | None:
        """The commit of the branch `name`, or None; raises Misuse for what is no plain branch name."""

    def tree(self, commit: str) -> str:
        """The tree of `commit`."""

    def file(self, commit: str, path: str) -> bytes:
        """The blob at `path` in `commit`, never a checkout; raises BadConfiguration when it is not there."""

    def files(self, commit: str) -> Mapping[str, str]:
        """Every regular file of `commit`: path → blob id."""

    def open(self, author: str, title: str, body: str, files: Mapping[str, bytes | None], key: str) -> Change:
        """Commit `files` (None deletes) on a branch of main as `author`, and open its pull request."""

    def bring(self, author: str, title: str, body: str, head: str, key: str) -> Change:
        """Open a pull request of commits that are there already, each signed by whoever wrote it."""

    def push(
        self, number: int, author: str, files: Mapping[str, bytes | None], words: str, key: str
    ) -> Change:
        """Commit `files` (None deletes) on top of a pull request's head as `author`."""

    def change(self, number: int) -> Change:
        """Read a pull request as it stands; raises Misuse when there is no such number."""

    def scaling(self, number: int, base: str, head: str, at: int | None = None) -> Scaling | str:
        """What a pull request's commits from `base` to `head` scale, or why they are no scaling.

        at: the ledger entry by whose keys it is asked, None for those of now.  What the ledger never
        allocated nobody opened, so that scales nothing.
        """

    def numbers(self) -> tuple[int, ...]:
        """Every pull request's number, oldest first."""

    def conversation(self, number: int) -> tuple[Said, ...]:
        """What was said and done on a pull request, oldest first."""

    def comment(self, number: int, author: str, text: str, key: str) -> None:
        """Add a comment; the same key adds nothing."""

    def push_commits(self, number: int, author: str, head: str, words: str, key: str) -> Change:
        """Let commits that are there already be a pull request's, each signed by whoever wrote it."""

    def label(self, number: int, author: str, name: str, key: str, *, on: bool = True) -> None:
        """Put a label on a pull request, or take it off; labels are words, and nothing is decided by them."""

    def check(self, number: int, author: str, name: str, outcome: str, words: str, key: str) -> None:
        """Say how a check of the head went, passed or failed; for people, and never an input of the gate."""

    def mark(self, number: int, author: str, done: Mark, key: str) -> None:
        """Make a pull request a draft, make it ready, or reopen it: first in the ledger."""

    def close(self, number: int, author: str, why: str, key: str) -> None:
        """Close a pull request without merging it."""

    def merge(self, change: Change, decision: Decision, seat: str, release: Draft) -> Merged | NotMerged:
        """Move ledger and main at once, if base, head and ledger are what the decision read."""

    def restore(self, paths: Iterable[str], commit: str, seat: str, release: Draft) -> Merged | NotMerged:
        """Set `paths` on main back to what they were in `commit`: a rollback."""

    def vouch(self) -> None:
        """Raise Untrusted unless the ledger or a human's signature answers for every commit on main."""

    def recover(self) -> str:
        """Finish or undo what a killed run left behind; "" when there was nothing, else what was done."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a mind is given to think with.

    source: strategy.py as it stands; tried: hypothesis keys already refused on this source; waiting: keys
    that were handed to a human, not to be proposed; rehearse: scores a candidate's source against the base on
    the turn's first n search seeds and returns the paired gains (quote currency, None where a run failed);
    refused: the static findings of a source in words, () when none; seed governs the search only;
    suggestions: what people and seats asked for and nobody has tried, oldest first.
    """

    record: Record
    source: str
    tried: frozenset[str]
    waiting: frozenset[str]
    rehearse: Callable[[str, int], Sequence[float | None]]
    refused: Callable[[str], tuple[str, ...]]
    seed: int
    suggestions: tuple[Suggestion, ...] = ()


class Mind(Protocol):
    """What a proposing seat thinks with.  Minds have no tools."""

    def propose(self, brief: Brief) -> Proposal | None:
        """A structured proposal, or None when no hypothesis has its precondition met."""


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Desk:
    """One of each part.

    rehearsal: a dry run, judged on search seeds, whose merges happen in a throw-away clone; cores: how many
    pairs of episodes may run at once; tapes: the folder of recorded tapes; store: where journals are kept;
    flag: the stop flag beside the runner; tell: says progress to people; today: the day in UTC, which is
    asked for only where something expires.
    """

    forge: Forge
    ledger: Ledger
    keys: Keys
    mind: Mind
    sandbox: Sandbox
    seed: int
    rehearsal: bool
    cores: int
    tapes: Path
    store: Path
    flag: Path
    tell: Callable[[str], None]
    today: Callable[[], date] = _today
