"""What a seat answered, signed by that seat, and all that the answer is bound to.

The forge keeps each as an in-toto statement in an envelope of its own; what is read here is its predicate.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from alphaloop.errors import Broken, Untrusted
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.role import is_human
from alphaloop.facts.verdict import Grounds, Stance, Verdict
from alphaloop.rules.entries.canonical import digest
from alphaloop.rules.entries.fields import Fields, body_of
from alphaloop.rules.entries.keys import in_force


def verdict(entries: Sequence[Entry], said: Verdict) -> Draft:
    """A seat's answer.

    Saying again what the seat said last is recorded once; coming back to an earlier answer is a new entry,
    because the order of answers counts: `place` numbers a seat's answers on one change, from 0.  Raises
    Broken for an answer that is bound to nothing.
    """
    before = [one for one in verdicts_on(entries, said.change) if one.seat == said.seat]
    counts = [one for one in verdicts_in_force(entries, said.change) if one.seat == said.seat]
    body = _body(said, len(before) - (before[-1:] == [said] == counts[-1:]))
    subject = f"{said.seat} on #{said.change} at {said.head[:12]}: {said.stance.name.lower()}"
    return Draft(Kind.VERDICT, _key(body), subject, body)


def verdict_of(entry: Entry) -> Verdict:
    """The verdict that `entry` carries; raises Untrusted unless the seat itself signed it, for this place."""
    fields = body_of(entry, Kind.VERDICT)
    seat = fields.text("seat")
    if seat != entry.signer:
        raise Untrusted(
            f"{fields.where}: {entry.signer} signed a verdict of {seat}; find out who holds that key"
        )
    if set(fields.values) != _FIELDS:
        raise Untrusted(f"{fields.where} has other fields than a verdict has; find out who wrote it")
    if entry.key != _key(entry.body):
        raise Untrusted(f"{fields.where} is recorded under another key than its own; find out who wrote it")
    try:
        return Verdict(
            seat=seat,
            change=fields.whole("change"),
            head=fields.text("head"),
            base=fields.text("base"),
            stance=stance_named(fields, "stance"),
            findings=tuple(finding_in(row) for row in fields.rows("findings")),
            evidence=fields.text("evidence"),
            rests_on=fields.text("rests_on"),
            grounds=_grounds_in(fields),
        )
    except ValueError as wrong:
        raise Untrusted(f"{fields.where}: {wrong}") from wrong


def verdicts_on(entries: Iterable[Entry], number: int) -> tuple[Verdict, ...]:
    """Every verdict on change `number`, of any head, in the ledger's order."""
    return tuple(map(verdict_of, verdict_entries(entries, number)))


def verdict_entries(entries: Iterable[Entry], number: int) -> tuple[Entry, ...]:
    """The entries with the verdicts on change `number`; those on others are not even read."""
    return tuple(
        entry for entry in entries if entry.kind is Kind.VERDICT and entry.body.get("change") == number
    )


def verdicts_in_force(entries: Sequence[Entry], number: int) -> tuple[Verdict, ...]:
    """Those of `verdicts_on` that count: a word in favour is void once its key was replaced or revoked."""
    return tuple(map(verdict_of, verdict_entries_in_force(entries, number)))


def verdict_entries_in_force(entries: Sequence[Entry], number: int) -> tuple[Entry, ...]:
    """The entries with those verdicts."""
    said = verdict_entries(entries, number)
    counting = {entry.number for entry in in_force(entries)} if said else set()
    return tuple(one for one in said if one.number in counting or verdict_of(one).stance >= Stance.HOLD)


def silenced(entries: Sequence[Entry], number: int, head: str, base: str) -> tuple[str, ...]:
    """Seats whose word on this head and base is void since their key changed, and who must speak again."""
    counting = verdict_entries_in_force(entries, number)
    said = [one.seat for one in verdicts_on(entries, number) if (one.head, one.base) == (head, base)]
    standing = {one.seat for one in map(verdict_of, counting) if (one.head, one.base) == (head, base)}
    return tuple(dict.fromkeys(seat for seat in said if seat not in standing and not is_human(seat)))


def stance_named(fields: Fields, name: str) -> Stance:
    """The stance that the text field `name` spells."""
    word = fields.text(name)
    known = {stance.name.lower(): stance for stance in Stance}
    if word not in known:
        raise Untrusted(f"{fields.where}: there is no stance {word!r}; find out who wrote it")
    return known[word]


def finding_body(finding: Finding) -> dict[str, Any]:
    """A finding as JSON values, with the field names that `alphaloop review --json` prints."""
    return {
        "check": finding.check,
        "severity": str(finding.severity),
        "message": finding.message,
        "file": finding.file,
        "line": finding.line,
    }


def finding_in(fields: Fields) -> Finding:
    """The finding that `finding_body` wrote; ValueError for an unknown severity or an empty finding."""
    severity = Severity(fields.text("severity"))
    return Finding(
        fields.text("check"), severity, fields.text("message"), fields.text("file"), fields.whole("line")
    )


_ABOUT = ("genesis", "seat", "change", "place", "head", "head_tree", "base", "test")
_FIELDS = {*_ABOUT, "stance", "findings", "evidence", "rests_on", "bound"}


def _body(said: Verdict, place: int) -> dict[str, Any]:
    grounds = said.grounds
    if grounds is None:
        raise Broken(f"the answer of {said.seat} on #{said.change} is bound to nothing; nothing was recorded")
    return {
        "genesis": grounds.genesis,
        "seat": said.seat,
        "change": said.change,
        "place": place,
        "head": said.head,
        "head_tree": grounds.head_tree,
        "base": said.base,
        "test": None if grounds.test is None else {"number": grounds.test, "entry": grounds.opened},
        "stance": said.stance.name.lower(),
        "findings": [finding_body(finding) for finding in said.findings],
        "evidence": said.evidence,
        "rests_on": said.rests_on,
        "bound": dict(grounds.bound),
    }


def _grounds_in(fields: Fields) -> Grounds:
    test = None if fields.values["test"] is None else fields.inner("test")
    bound = fields.inner("bound")
    return Grounds(
        genesis=fields.text("genesis"),
        head_tree=fields.text("head_tree"),
        test=None if test is None else test.whole("number"),
        opened="" if test is None else test.text("entry"),
        bound={name: bound.text(name) for name in bound.values},
    )


def _key(body: Mapping[str, Any]) -> str:
    return f"verdict:{body['change']}:{body['seat']}:{body['place']}:{digest(body)}"
