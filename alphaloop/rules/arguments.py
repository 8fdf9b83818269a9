"""What stands behind the verb of a command: commits, days and reasons, read strictly.

Every refusal says the rule, the value, the limit, and what to write instead.
"""

import re
from datetime import date

from alphaloop.errors import Refused, Stale
from alphaloop.facts.change import Change
from alphaloop.facts.override import LONGEST

SHORTEST = 12
MAX_WORDS = 500
_DIGITS = re.compile(r"[0-9a-fA-F]+")
_SHOWN = 60


def names_head(argument: str, change: Change, verb: str) -> None:
    """Raise Refused unless `argument` is the head of `change`, in at least twelve digits.

    Twelve digits are more than anybody can search a second commit for, and a word on a head that is no
    longer the head would be a word on something that its giver never saw.
    """
    here = f"`/alphaloop {verb} {change.head[:SHORTEST]}` names it"
    if not argument:
        raise Refused(f"{verb} must say which commit it means. The head of #{change.number}: {here}")
    if not _DIGITS.fullmatch(argument):
        raise Refused(
            f"{argument[:_SHOWN]!r} is no commit: {verb} takes the head's hexadecimal digits, nothing "
            f"else. Once you have looked at it: {here}"
        )
    if not SHORTEST <= len(argument) <= len(change.head):
        raise Refused(
            f"a commit is named by {SHORTEST} to {len(change.head)} digits, and {argument[:_SHOWN]!r} has "
            f"{len(argument)}. Once you have looked at it: {here}"
        )
    if not change.head.startswith(argument.lower()):
        raise Stale(
            f"{argument[:SHORTEST]} is not the head of #{change.number}, which is "
            f"{change.head[:SHORTEST]}: look at what came since. Then {here}"
        )


def reason(argument: str, verb: str) -> str:
    """`argument` as a reason; raises Refused without one, and for one that nobody would read to its end."""
    if not argument:
        raise Refused(f"{verb} must say why, in 1 to {MAX_WORDS} characters: `/alphaloop {verb} <reason>`")
    return bounded(argument, verb)


def bounded(argument: str, verb: str) -> str:
    """`argument` itself; raises Refused when it is longer than a reason may be."""
    if len(argument) > MAX_WORDS:
        raise Refused(
            f"{verb} takes at most {MAX_WORDS} characters, and there are {len(argument)}: say the rest in "
            "words below the command, after an empty line"
        )
    return argument


def nothing(argument: str, verb: str) -> None:
    """Raise Refused unless the verb stands alone."""
    if argument:
        raise Refused(
            f"{verb} takes nothing after it, and there is {argument[:_SHOWN]!r}: `/alphaloop {verb}`"
        )


def last_day(text: str, today: date) -> date:
    """The day that `text` spells, from today to the longest that an override lasts; raises Refused else."""
    until = today + LONGEST
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise Refused(
            f"{text[:_SHOWN]!r} is no day: write the last day in UTC on which it counts, such as {until}"
        )
    if not today <= day <= until:
        raise Refused(
            f"an override lasts from today, {today}, to {until} at the longest, and {day} is not among these "
            "days: name one that is"
        )
    return day
