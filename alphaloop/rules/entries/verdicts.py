"""What a seat answered, signed by that seat."""

from collections.abc import Iterable
from typing import Any

from alphaloop.errors import Untrusted
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.rules.entries.canonical import digest
from alphaloop.rules.entries.fields import Fields, body_of


def verdict(entries: Iterable[Entry], said: Verdict) -> Draft:
    """A seat's answer.

    Saying again what the seat said last is recorded once; coming back to an earlier answer is a new entry,
    because the order of answers counts.
    """
    body = {
        "seat": said.seat,
        "change": said.change,
        "head": said.head,
        "base": said.base,
        "stance": said.stance.name.lower(),
        "findings": [finding_body(finding) for finding in said.findings],
        "evidence": said.evidence,
        "rests_on": said.rests_on,
    }
    before = [one for one in verdicts_on(entries, said.change) if one.seat == said.seat]
    place = len(before) - (before[-1:] == [said])
    subject = f"{said.seat} on #{said.change} at {said.head[:12]}: {said.stance.name.lower()}"
    return Draft(Kind.VERDICT, f"verdict:{said.change}:{said.seat}:{place}:{digest(body)}", subject, body)


def verdict_of(entry: Entry) -> Verdict:
    """The verdict that `entry` carries; raises Untrusted unless the seat itself signed it."""
    fields = body_of(entry, Kind.VERDICT)
    seat = fields.text("seat")
    if seat != entry.signer:
        raise Untrusted(
            f"{fields.where}: {entry.signer} signed a verdict of {seat}; find out who holds that key"
        )
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
        )
    except ValueError as wrong:
        raise Untrusted(f"{fields.where}: {wrong}") from wrong


def verdicts_on(entries: Iterable[Entry], number: int) -> tuple[Verdict, ...]:
    """Every verdict on change `number`, of any head, in the ledger's order."""
    said = (verdict_of(entry) for entry in entries if entry.kind is Kind.VERDICT)
    return tuple(one for one in said if one.change == number)


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
