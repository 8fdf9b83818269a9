"""Quant: states a hypothesis, with the effect that it predicts, and opens a change inside its own files."""

from collections.abc import Iterator, Sequence

from alphaloop import words
from alphaloop.agents import sre
from alphaloop.agents.grounds import STRATEGY, strategy_at, venue_at
from alphaloop.checks.subject import Subject
from alphaloop.checks.table import refused
from alphaloop.facts.change import Change
from alphaloop.facts.episode import Pair, Score
from alphaloop.facts.hypothesis import Plan, Proposal
from alphaloop.facts.metric import Record
from alphaloop.ports import Brief, Desk
from alphaloop.rules import seeds
from alphaloop.rules.entries import ideas
from alphaloop.rules.entries.changes import change_of_turn, change_opened
from alphaloop.rules.entries.lessons import escalated, refused_since_merge, turns_taken
from alphaloop.rules.entries.measured import trial
from alphaloop.rules.entries.plans import plan, plan_of_turn
from alphaloop.simulation.pairs import play_pairs, play_scores
from alphaloop.simulation.venue import Venue

SEAT = "quant"
MOST_SCORES = 16
"""Episodes of each candidate that the ledger keeps: as many as the overfit probability makes groups of."""


def propose(desk: Desk, record: Record) -> Plan:
    """The plan of this turn: the one that the ledger holds, else what the mind makes of the record.

    A change that was approved and waits to be merged comes before anything new.
    """
    entries = desk.ledger.entries()
    turn = turns_taken(entries) + 1
    standing = plan_of_turn(entries, turn)
    if standing is not None:
        return standing
    base, waiting = desk.forge.main(), sre.waiting(desk)
    made = Plan(turn, None, base, waiting) if waiting else _searched(desk, record, base, turn)
    desk.ledger.append(plan(made, desk.seed), SEAT)
    return made


def implement(desk: Desk, made: Plan) -> Change | None:
    """The pull request of a plan, opened once however often this is called.

    None without a proposal, and when main's files are no longer those that the proposal was written for.
    """
    if made.takes_up is not None:
        desk.tell(f"turn {made.turn}: #{made.takes_up} was approved and waits to be merged")
        return desk.forge.change(made.takes_up)
    if made.proposal is None:
        return None
    opened = change_of_turn(desk.ledger.entries(), made.turn)
    if opened is None and _overtaken(desk, made.base, made.proposal):
        desk.tell(f"turn {made.turn}: main was changed since it was planned, so the plan is dropped")
        return None
    hypothesis = made.proposal.hypothesis
    files = {path: text.encode() for path, text in made.proposal.files.items()}
    change = desk.forge.open(
        SEAT, hypothesis.key, words.proposal_body(hypothesis), files, f"turn:{made.turn}"
    )
    desk.ledger.append(change_opened(change, hypothesis, made.turn), SEAT)
    return change


def _searched(desk: Desk, record: Record, base: str, turn: int) -> Plan:
    desk.tell(f"turn {turn}: Quant searches for a hypothesis")
    search = _Search(desk, venue_at(desk, base), strategy_at(desk, base), turn)
    proposal = desk.mind.propose(_brief(desk, record, search, turn))
    hypothesis = None if proposal is None else proposal.hypothesis
    if hypothesis is not None or search.scored:
        desk.ledger.append(trial(base, turn, hypothesis, search.scores(), search.scored), SEAT)
    if proposal is None:
        return Plan(turn, None, base)
    desk.tell(f"  {words.hypothesis_line(proposal.hypothesis)}")
    return Plan(turn, proposal if _differs(desk, base, proposal) else None, base)


def _differs(desk: Desk, base: str, proposal: Proposal) -> bool:
    """Whether any proposed file is another than main's: a change of nothing cannot even be opened."""
    there = desk.forge.files(base)
    return any(
        path not in there or desk.forge.file(base, path) != text.encode()
        for path, text in proposal.files.items()
    )


def _overtaken(desk: Desk, base: str, proposal: Proposal) -> bool:
    """Whether the proposal, which holds whole files, would undo what a human did to them since `base`."""
    main = desk.forge.main()
    before, now = desk.forge.files(base), desk.forge.files(main)
    return any(before.get(path) != now.get(path) for path in proposal.files)


def _brief(desk: Desk, record: Record, search: "_Search", turn: int) -> Brief:
    entries = desk.ledger.entries()
    return Brief(
        record=record,
        source=search.standing.decode(),
        tried=refused_since_merge(entries),
        waiting=frozenset(key for key, _ in escalated(entries)),
        rehearse=search.rehearse,
        refused=search.refused,
        seed=desk.seed + turn,
        suggestions=ideas.waiting(entries),
    )


class _Search:
    """One turn's search: all candidates meet the same markets, and nobody is played twice on one of them."""

    def __init__(self, desk: Desk, venue: Venue, standing: bytes, turn: int) -> None:
        self.standing = standing
        self._desk, self._venue = desk, venue
        self._purpose = f"turn {turn}"
        self._main: dict[int, Score] = {}
        self._gains: dict[str, list[float | None]] = {}

    def rehearse(self, source: str, pairs: int) -> Sequence[float | None]:
        """Paired gains of `source` over main on the first `pairs` search seeds; None where a run failed."""
        gains = self._gains.setdefault(source, [])
        numbers = seeds.search(self._desk.seed, self._purpose, pairs)[len(gains) :]
        gains += [None if pair.candidate.breach else pair.gain for pair in self._pairs(source, numbers)]
        return gains[:pairs]

    @property
    def scored(self) -> int:
        """How many candidates were played, those that failed included: each was a chance."""
        return len(self._gains)

    def scores(self) -> tuple[tuple[float, ...], ...]:
        """The gains of every candidate that never failed, on the episodes that all of them met; at most 16.

        A candidate that failed cannot be chosen, so it is no part of what the choice was made among.
        """
        rows = [gains for gains in self._gains.values() if None not in gains]
        met = min(map(len, rows), default=0)
        kept = min(met, MOST_SCORES)
        return tuple(tuple(gain for gain in row[:kept] if gain is not None) for row in rows) if kept else ()

    def _pairs(self, source: str, numbers: Sequence[int]) -> Iterator[Pair]:
        candidate, venue, cores = source.encode(), self._venue, self._desk.cores
        # Everybody uses the seeds up in their order, so those on which main was seen come first.
        seen = [number for number in numbers if number in self._main]
        for number, score in zip(seen, play_scores(candidate, seen, venue, cores), strict=True):
            yield Pair(number, score, self._main[number])
        for pair in play_pairs(candidate, self.standing, numbers[len(seen) :], venue, cores):
            self._main[pair.seed] = pair.base
            yield pair

    def refused(self, source: str) -> tuple[str, ...]:
        """Why the bytes or the static rules would refuse `source`."""
        return refused(Subject(STRATEGY, source.encode(), self.standing, self._venue.limits))
