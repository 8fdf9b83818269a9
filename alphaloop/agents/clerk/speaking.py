"""A person's own word on a change, as a verdict in the ledger that nobody else can sign."""

from alphaloop import words
from alphaloop.agents.answers import recorded
from alphaloop.agents.clerk.asked import Asked
from alphaloop.agents.grounds import constitution_at
from alphaloop.errors import Refused
from alphaloop.facts.change import Change
from alphaloop.facts.finding import Finding
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.ports import Desk
from alphaloop.rules.entries.verdicts import verdicts_on
from alphaloop.rules.gate import decided
from alphaloop.rules.life import over


def spoken(desk: Desk, asked: Asked, change: Change, stance: Stance, *findings: Finding) -> str:
    """Record what the author of the command says of this head, once for each comment; answer in words."""
    rests_on = f"their own word, in comment {asked.key[:16]}"
    said = Verdict(asked.author, change.number, change.head, change.base, stance, findings, "", rests_on)
    before = verdicts_on(desk.ledger.entries(), change.number)
    if not any((one.seat, one.rests_on) == (said.seat, rests_on) for one in before):
        recorded(desk, said, change.judged_by)
    return words.spoken_answer(said, follows(desk, change))


def follows(desk: Desk, change: Change) -> str:
    """What the gate makes of the change now, in words; nothing is recorded of it."""
    entries = desk.ledger.entries()
    if over(entries, change.number):
        return ""
    seats = constitution_at(desk, change.base).seats
    return words.decision_line(decided(entries, change, seats, desk.today()))


def refuse_over(desk: Desk, asked: Asked) -> None:
    """Raise Refused for a change that is merged or closed: no word makes it land any more."""
    if over(desk.ledger.entries(), asked.number):
        raise Refused(
            f"#{asked.number} is merged or closed, so `{asked.usage.form}` would do nothing: open a new "
            f"change, or say `alphaloop pr reopen {asked.number}` where it was closed"
        )
