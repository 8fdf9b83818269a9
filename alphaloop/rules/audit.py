"""Recomputing what the ledger says: every level, judgement, seed and decision, from the entries alone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from alphaloop.errors import AlphaLoopError
from alphaloop.facts.claim import Claim, Holds
from alphaloop.facts.entry import Entry, Kind
from alphaloop.facts.evidence import Evidence
from alphaloop.facts.role import Power, Seats
from alphaloop.rules import betting, canary, seeds
from alphaloop.rules.bound import void
from alphaloop.rules.budget import false_levels
from alphaloop.rules.endings import wrong_outcome, wrong_release
from alphaloop.rules.entries.changes import PLANNER
from alphaloop.rules.entries.decisions import decided_change, decision_of
from alphaloop.rules.entries.evidence import evidence_of
from alphaloop.rules.entries.founding import genesis_id
from alphaloop.rules.entries.imported import imported_of
from alphaloop.rules.entries.keys import departed
from alphaloop.rules.entries.measured import searched, wrong_trial
from alphaloop.rules.entries.opened import test_of, tests
from alphaloop.rules.entries.plans import plan_of
from alphaloop.rules.entries.verdicts import verdict_of
from alphaloop.rules.gate import redecided
from alphaloop.rules.pilots import false_pilots
from alphaloop.rules.standing import wrongly_signed

SeatsAt = Callable[[str], Seats]
Signed = Callable[[str, bytes, bytes], bool]
SignedBy = Callable[[int, str, bytes, bytes], bool]
JUDGE_OF_SEEDS = "risk"
_JUDGES = {Kind.TEST_OPENED: Power.OPEN_TESTS, Kind.RELEASE: Power.RELEASE}
_ENDINGS = {Kind.RELEASE: wrong_release, Kind.OUTCOME: wrong_outcome}


def audited(entries: Sequence[Entry], seats_at: SeatsAt, main: str, signed: SignedBy) -> Iterator[Claim]:
    """Every claim that follows from entries alone; nothing is raised for what does not hold.

    seats_at: the seats of a commit; main: the commit whose seats answer for entries that name none; signed:
    whether the key that a principal had at a number of the ledger made a raw ed25519 signature over some
    bytes.
    """
    yield from _levels(entries)
    for entry in entries:
        yield from _one(entries, entry, seats_at, main, signed)


def _one(
    entries: Sequence[Entry], entry: Entry, seats_at: SeatsAt, main: str, signed: SignedBy
) -> Iterator[Claim]:
    what = f"{entry.kind} {entry.number}"
    try:
        wrong = _wrongly_signed(entry, _with_departed(seats_at(main), entries, entry.number))
        if wrong:
            yield Claim(what, Holds.FALSE, wrong)
        elif entry.kind is Kind.EVIDENCE:
            yield _judgement(entries, entry, what, seats_at(main), partial(signed, entry.number))
        elif entry.kind is Kind.VERDICT:
            yield _verdict(entries, entry, what)
        elif entry.kind in (Kind.TRIAL, Kind.PLAN):
            yield from _search(entries, entry, what)
        elif entry.kind is Kind.DECISION:
            yield _decision(entries, entry, what, seats_at)
        elif entry.kind in _ENDINGS:
            yield _ending(entries, entry, what)
    except AlphaLoopError as wrong_entry:
        yield Claim(what, Holds.FALSE, str(wrong_entry))


def _wrongly_signed(entry: Entry, seats: Seats) -> str:
    """Why its signer may not have signed it; of an import, nor whoever signed the original."""
    wrong = wrongly_signed(entry, seats)
    if wrong or entry.kind is not Kind.IMPORTED:
        return wrong
    taken = imported_of(entry)
    return wrongly_signed(replace(entry, kind=taken.was, signer=taken.by), seats)


def _with_departed(seats: Seats, entries: Sequence[Entry], number: int) -> Seats:
    """The seats, and those humans who left the desk with their key: what they signed before stays signed."""
    return replace(seats, humans=(*seats.humans, *departed(entries, number)))


def _levels(entries: Sequence[Entry]) -> Iterator[Claim]:
    try:
        false, beside = false_levels(entries), false_pilots(entries)
    except AlphaLoopError as wrong:
        yield Claim("budget", Holds.FALSE, str(wrong))
        return
    for test in false:
        yield Claim(
            "budget", Holds.FALSE, f"test {test.number} paid {test.level:.3g}, which the budget did not grant"
        )
    for test in beside:
        yield Claim(
            "pilots", Holds.FALSE, f"test {test.number} tells of other earlier pilots than stand before it"
        )
    if not false:
        opened = len(tests(entries))
        yield Claim(
            "budget", Holds.RECOMPUTED, f"{opened} tests, each at the level that the budget granted it"
        )


def _search(entries: Sequence[Entry], entry: Entry, what: str) -> Iterator[Claim]:
    """A search and what was planned on it: every candidate feeds the deflation of all later tests."""
    if entry.kind is Kind.TRIAL:
        wrong = wrong_trial(entry)
        yield Claim(what, Holds.FALSE if wrong else Holds.OK, wrong or f"{entry.subject}, as that seat says")
        return
    if entry.signer != PLANNER:
        yield Claim(
            what, Holds.FALSE, f"{entry.signer} signed it, and what a turn plans is {PLANNER}'s to say"
        )
        return
    planned = plan_of(entry)
    if planned.proposal is not None and not searched(entries[: entry.number], planned.turn):
        yield Claim(what, Holds.FALSE, "it proposes what a search found whose candidates are not counted")


def _verdict(entries: Sequence[Entry], entry: Entry, what: str) -> Claim:
    said = verdict_of(entry)
    why = void(entries[: entry.number], said)
    words = f"{said.seat} on #{said.change}, signed by that seat: {said.stance.name.lower()}"
    return Claim(what, Holds.FALSE if why else Holds.OK, why or words)


def _ending(entries: Sequence[Entry], entry: Entry, what: str) -> Claim:
    wrong = _ENDINGS[entry.kind](entries, entry)
    return Claim(what, Holds.FALSE if wrong else Holds.RECOMPUTED, wrong or entry.subject)


def _judgement(entries: Sequence[Entry], entry: Entry, what: str, seats: Seats, signed: Signed) -> Claim:
    found = evidence_of(entry)
    opened = next((one for one in entries[: entry.number] if one.commit == found.of), None)
    if opened is None or opened.kind not in _JUDGES or entry.key != f"evidence:{found.of}":
        return Claim(what, Holds.FALSE, "it belongs to no test and no release that stands before it")
    test = opened.kind is Kind.TEST_OPENED
    seat = seats.named(entry.signer)
    if seat is None or not seat.may(_JUDGES[opened.kind]):
        return Claim(what, Holds.FALSE, f"{entry.signer} may not judge what a {opened.kind} entry opened")
    if found.tainted:
        return Claim(what, Holds.FALSE, "it was played without isolation")
    # Of a scaling nothing is tested, so a test never meets its head's own limits.
    judge = found.base if test else found.head
    if found.bound.get("judged_by", judge) != judge:
        return Claim(what, Holds.FALSE, f"it was played under the limits of another commit than {judge[:12]}")
    if test and found.scales != test_of(opened).scales:
        return Claim(what, Holds.FALSE, "its scales are not those that its test was opened with")
    again = (
        betting.judge(found.pairs, found.scales, test_of(opened).level)
        if test
        else canary.watch(found.pairs, found.scales.objective)
    )
    if again != found.judgement:
        return Claim(
            what, Holds.FALSE, f"its pairs give {again.finish}, and it says {found.judgement.finish}"
        )
    wrong = _seeds_wrong(entries, opened, found, signed)
    if wrong:
        return Claim(what, Holds.FALSE, wrong)
    return Claim(what, Holds.RECOMPUTED, f"{len(found.pairs)} pairs on signed seeds: {found.judgement.words}")


def _seeds_wrong(entries: Sequence[Entry], opened: Entry, found: Evidence, signed: Signed) -> str:
    """Why the seeds are not those of the signature, "" when they are."""
    stream = seeds.Stream.JUDGE if opened.kind is Kind.TEST_OPENED else seeds.Stream.RELEASE
    try:
        signature = bytes.fromhex(found.signature)
    except ValueError:
        return "its signature is not hexadecimal"
    if not signed(JUDGE_OF_SEEDS, seeds.message_to_sign(stream, genesis_id(entries), opened), signature):
        return f"its signature is not {JUDGE_OF_SEEDS}'s over the entry that it belongs to"
    if tuple(pair.seed for pair in found.pairs) != seeds.signed(stream, signature, len(found.pairs)):
        return "its pairs are not on the seeds of its signature"
    return ""


def _decision(entries: Sequence[Entry], entry: Entry, what: str, seats_at: SeatsAt) -> Claim:
    told = decision_of(entry)
    again = redecided(entries, entry, seats_at(decided_change(entry).base))
    if again != told:
        return Claim(
            what, Holds.FALSE, f"the ledger gives {again.word} ({again.reasons[0]}), and it says {told.word}"
        )
    return Claim(what, Holds.RECOMPUTED, f"#{told.change} {told.word}: {told.reasons[0]}")
