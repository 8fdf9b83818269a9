"""Which program may judge here: the one that the base commit's judge.lock pins, and no other."""

from alphaloop.errors import BadConfiguration
from alphaloop.facts.judge import Judge
from alphaloop.ports import Desk, Forge
from alphaloop.rules.constitution.judge import FILE, judge
from alphaloop.simulation import machine

UPGRADE = "`alphaloop judge upgrade`"


def refuse_other_judge(desk: Desk, base: str, head: str = "") -> None:
    """Raise BadConfiguration unless this program is the one that may judge `head` on `base`.

    head: "" where no change is judged.
    """
    pinned = judge_of(desk.forge, base, head)
    differs = pinned.differences(machine.judge())
    if differs:
        raise BadConfiguration(
            f"{FILE} of {base[:12]} pins another judge; here is {', '.join(differs)}. Install what it pins, "
            f"or let a human examine this one and pin it with {UPGRADE}"
        )


def judge_of(forge: Forge, base: str, head: str = "") -> Judge:
    """The judge that the base pins, or its head where that changes nothing but the judge.

    A new judge cannot be let in by the old one where only the new one is installed. It may answer on the very
    change that pins it, because that change is a human's and touches nothing that a judge protects.
    """
    return judge(_lock(forge, head if head and _pins_alone(forge, base, head) else base))


def _pins_alone(forge: Forge, base: str, head: str) -> bool:
    before, after = (dict(forge.files(commit)) for commit in (base, head))
    pinned = after.pop(FILE, None)
    return pinned is not None and pinned != before.pop(FILE, None) and before == after


def _lock(forge: Forge, commit: str) -> bytes:
    try:
        return forge.file(commit, FILE)
    except BadConfiguration as missing:
        raise BadConfiguration(
            f"{commit[:12]} has no {FILE}, so nobody may judge by it: a human writes one with {UPGRADE}"
        ) from missing
