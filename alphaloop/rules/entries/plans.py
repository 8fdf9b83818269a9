"""What a turn proposes, written before the change is opened: a killed turn proposes the same again."""

from collections.abc import Iterable

from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.hypothesis import Plan, Proposal
from alphaloop.rules.entries.changes import PLANNER, hypothesis_body, hypothesis_in
from alphaloop.rules.entries.fields import body_of


def plan(made: Plan, seed: int) -> Draft:
    """The plan of one turn, with the whole new text of every file that it edits; seed: of the search."""
    proposal = made.proposal
    body = {
        "turn": made.turn,
        "base": made.base,
        "seed": seed,
        "hypothesis": None if proposal is None else hypothesis_body(proposal.hypothesis),
        "files": {} if proposal is None else dict(proposal.files),
        "takes_up": made.takes_up,
    }
    what = "no hypothesis was to be had" if proposal is None else proposal.hypothesis.key
    if made.takes_up is not None:
        what = f"to finish #{made.takes_up}"
    return Draft(Kind.PLAN, f"plan:{made.turn}", f"turn {made.turn} plans: {what}", body)


def plan_of(entry: Entry) -> Plan:
    """The plan that `entry` carries."""
    fields = body_of(entry, Kind.PLAN)
    turn = fields.whole("turn")
    base = fields.text("base")
    if fields.values.get("takes_up") is not None:
        return Plan(turn, None, base, fields.whole("takes_up"))
    if fields.values.get("hypothesis") is None:
        return Plan(turn, None, base)
    files = fields.inner("files")
    texts = {path: files.text(path) for path in files.values}
    return Plan(turn, Proposal(hypothesis_in(fields.inner("hypothesis")), texts), base)


def plan_of_turn(entries: Iterable[Entry], turn: int) -> Plan | None:
    """What turn number `turn` planned, or None while it has not.

    Quant opens what is planned with its own key, so nobody else's plan is one: they would write through it
    what they may not write themselves.
    """
    key = f"plan:{turn}"
    planned = (entry for entry in entries if entry.kind is Kind.PLAN and entry.signer == PLANNER)
    return next((plan_of(entry) for entry in planned if entry.key == key), None)
