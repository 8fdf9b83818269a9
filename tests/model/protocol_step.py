"""A step of `advance`, and whoever comes in while it is taken."""

from protocol_objects import Refs
from protocol_people import person
from protocol_world import Scenario, World, advance
from protocol_wrong import refuse_twice

LATER, AT_ONCE = "b", "a"


class Step:
    """A step of `advance` that was taken alone, and can be taken again with somebody coming in.

    before, after: what stands before each append or landing that it asks for, and after each of its writes;
    alone: what stands when it has ended.
    """

    def __init__(self, scenario: Scenario, here: Refs, answer: str) -> None:
        self.scenario, self.here, self.answer = scenario, here, answer
        # No two processes ever have one name, as the product's claims draw theirs by chance.
        self.name, self.other = (f"{name}{here.digest.hex()}" for name in (AT_ONCE, LATER))
        self.before: list[Refs] = []
        self.after: list[Refs] = []
        world = World(scenario, here)
        world.store.before = lambda: self.before.append(world.store.refs)
        world.store.after = lambda: self.after.append(world.store.refs)
        advance(world, self.name, answer)
        world.store.before = world.store.after = nothing
        refuse_twice(world.store.spent)
        self.alone = world.store.refs

    def with_another(self, place: int, act: str) -> Refs:
        """What stands when the step has ended, and the other acted as a whole before its append `place`."""
        world = World(self.scenario, self.before[place])
        world.processes.append(self.name)
        if act == "advance":
            advance(world, self.other, self.answer)
        else:
            person(world, act)
        then, spent = world.store.refs, world.store.spent
        if then is self.before[place] and not spent:
            # The step reads what it read, and spends what it spent, when it was alone.
            return self.alone
        return self._again(place, then, spent)

    def _again(self, place: int, then: Refs, spent: list[str]) -> Refs:
        """The step once more, before whose append `place` somebody else made the state `then`."""
        world, left = World(self.scenario, self.here), place

        def come_in() -> None:
            nonlocal left
            left -= 1
            if left < 0:
                world.store.before = nothing
                world.store.refs = then
                world.store.spent += spent

        world.store.before = come_in
        advance(world, self.name, self.answer)
        refuse_twice(world.store.spent)
        return world.store.refs


def nothing() -> None:
    """Nobody comes in."""
