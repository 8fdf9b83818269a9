"""The constitution that a change would leave behind: it must load, and somebody must be able to change it."""

from alphaloop.agents.grounds import constitution_at
from alphaloop.agents.judging import judge_of
from alphaloop.errors import BadConfiguration
from alphaloop.facts.change import Change
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.role import HUMAN
from alphaloop.ports import Desk
from alphaloop.rules.entries.keys import holders
from alphaloop.rules.paths import CONSTITUTION


def unfit(desk: Desk, change: Change) -> tuple[Finding, ...]:
    """Why the desk could not work after `change`, () when it could; a change beside it leaves it as it is."""
    if not any(path in CONSTITUTION for path in change.files):
        return ()
    try:
        humans = constitution_at(desk, change.head).seats.humans
        judge_of(desk.forge, change.head)
    except BadConfiguration as wrong:
        return (_veto(str(wrong)),)
    held = holders(desk.ledger.entries())
    if any(f"{HUMAN}{login}" in held for login in humans):
        return ()
    return (_veto(f"none of {', '.join(humans)} has a key in force; `alphaloop keys add` gives one first"),)


def _veto(why: str) -> Finding:
    return Finding("constitution", Severity.VETO, f"after this change the desk could not work: {why}")
