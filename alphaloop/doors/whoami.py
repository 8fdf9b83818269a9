"""Which person sits at this machine: the registered human whose private key is here."""

from collections.abc import Sequence

from alphaloop.agents.grounds import constitution_at
from alphaloop.errors import BadConfiguration, Refused
from alphaloop.facts.role import HUMAN
from alphaloop.ports import Desk, Keys


def human_here(desk: Desk, login: str | None = None) -> str:
    """`human:<login>` of the one person whose key this machine holds; raises Refused unless there is one."""
    return person_here(constitution_at(desk, desk.forge.main()).seats.humans, desk.keys, login)


def person_here(humans: Sequence[str], keys: Keys, login: str | None = None) -> str:
    """The same where `humans` are registered and `keys` lie here."""
    asked = humans if login is None else [one for one in humans if one == login]
    here = [f"{HUMAN}{one}" for one in asked if keys.holds(f"{HUMAN}{one}")]
    if len(here) == 1:
        return here[0]
    if here:
        raise Refused(f"several people's keys are here ({', '.join(here)}): say who you are with --as LOGIN")
    whose = (
        "no registered human's key is" if login is None else f"{login!r} is no registered human whose key is"
    )
    raise Refused(f"{whose} here; ask one of {', '.join(humans)}")


def refuse_without_keys(desk: Desk) -> None:
    """Raise BadConfiguration unless this machine can sign for every seat: each signs a part of a turn."""
    seats = constitution_at(desk, desk.forge.main()).seats.seats
    missing = [seat.name for seat in seats if not desk.keys.holds(seat.name)]
    if missing:
        raise BadConfiguration(
            f"this machine holds no key of {', '.join(missing)}: every seat signs what it says, so do this "
            "where the keys are, or put them into .alphaloop/keys"
        )
