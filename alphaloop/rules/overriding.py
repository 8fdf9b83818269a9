"""Whether an override counts for a decision that is taken on some day: pure, and recomputed by verify."""

from datetime import date

from alphaloop.facts.change import Change
from alphaloop.facts.override import Override, Overrides
from alphaloop.facts.role import Power, Seats, human_login, is_human
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.rules.required import authors

UNTOUCHED = (Power.VETO, Power.MERGE)
"""Whoever has one of these powers is not overridden: the landing itself rests on their answer."""


def overridden(change: Change, seats: Seats, verdict: Verdict, overrides: Overrides) -> Override | None:
    """The override that keeps `verdict` from counting now, or None; of several the newest."""
    if verdict.stance is not Stance.HOLD or is_human(verdict.seat) or not may_be(verdict.seat, seats):
        return None
    here = [one for one in overrides.given if one.seat == verdict.seat]
    return next((one for one in reversed(here) if not why_void(change, seats, one, overrides.day)), None)


def why_void(change: Change, seats: Seats, given: Override, day: date | None) -> str:
    """Why an override on `change` does not count on `day`, "" when it does."""
    if (given.head, given.base) != (change.head, change.base):
        return f"it was given on {given.head[:12]} onto {given.base[:12]}"
    if not is_human(given.by) or human_login(given.by) not in seats.humans:
        return f"{given.by} is no registered human"
    if given.by in authors(change):
        return f"{given.by} wrote a part of the change"
    if not may_be(given.seat, seats):
        return f"nobody overrides {given.seat}"
    if day is None or not given.given <= day <= given.until:
        return f"it lasted until {given.until}"
    return ""


def may_be(name: str, seats: Seats) -> bool:
    """Whether the hold of seat `name` can be overridden at all."""
    seat = seats.named(name)
    return seat is not None and not any(seat.may(power) for power in UNTOUCHED)
