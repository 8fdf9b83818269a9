"""Telling a story: from a beginning, step by step, to where something is to be looked at."""

from protocol_scenarios import IDEA
from protocol_world import Scenario, World, advance, founded, unlocked_here

from alphaloop.facts.change import State
from alphaloop.facts.entry import Entry, Kind
from alphaloop.rules.life import state


def begun(*candidates: tuple[str, str, str], founding: str = "small") -> World:
    scenario = Scenario("a story", candidates or (IDEA,), (), founding)
    return World(scenario, founded(scenario))


def until(world: World, step: str, answer: str = "approve") -> None:
    """Advance until `step` is the next one; "" is the end."""
    for _ in range(20):
        if unlocked_here(world) == step:
            return
        advance(world, "a", answer)
    raise AssertionError(f"{step!r} never came: {[one.subject for one in world.store.entries()]}")


def where(world: World, number: int = 1) -> State:
    return state(world.store.entries(), world.store.change(number))


def kinds(world: World, kind: Kind) -> list[Entry]:
    return [entry for entry in world.store.entries() if entry.kind is kind]
