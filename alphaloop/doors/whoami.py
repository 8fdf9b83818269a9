"""Which person sits at this machine: the registered human whose private key is here."""

from alphaloop.agents.grounds import constitution_at
from alphaloop.errors import Refused
from alphaloop.facts.role import HUMAN
from alphaloop.ports import Desk


def human_here(desk: Desk) -> str:
    """`human:<login>` of the one person whose key this machine holds; raises Refused unless there is one."""
    humans = constitution_at(desk, desk.forge.main()).seats.humans
    here = [f"{HUMAN}{login}" for login in humans if desk.keys.holds(f"{HUMAN}{login}")]
    if len(here) == 1:
        return here[0]
    if here:
        raise Refused(f"several people's keys are here ({', '.join(here)}): say who you are with --as LOGIN")
    raise Refused(f"no registered human's key is here; ask one of {', '.join(humans)}")
