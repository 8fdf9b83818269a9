"""What people do: Alice speaks, pushes, stops, resumes, and changes main by hand."""

from collections.abc import Callable

from protocol_objects import ROOM, STRATEGY, commit
from protocol_world import ALICE, World, proposed

from alphaloop.agents import answers, canary
from alphaloop.errors import Refused
from alphaloop.facts.entry import Draft, Kind
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.rules.entries import stops
from alphaloop.rules.stopped import stop_in_force


def person(world: World, act: str) -> None:
    """Alice does one thing; on a change its number stands behind a colon."""
    verb, _, where = act.partition(":")
    _PERSON[verb](world, int(where or 0))


def _speaks(world: World, number: int, stance: Stance) -> None:
    change = world.store.change(number)
    said = Verdict(ALICE, number, change.head, change.base, stance, (), "", stance.name)
    answers.recorded(world.desk, said, change.judged_by)


def _push(world: World, number: int) -> None:
    """A new head on today's main, by whoever wrote the old one; who scales says the same size again."""
    author, path, text = world.scenario.candidates[number - 1]
    files = proposed(path, text if text in ROOM else f"{text} again")
    below = world.store.files(world.store.main())
    world.store.push(number, commit({**below, **files}, (world.store.main(),), author))


def _tighten(world: World, number: int) -> None:
    main = world.store.main()
    world.store.by_hand(commit({**world.store.files(main), "risk.py": "tight"}, (main,), ALICE))


def _edit(world: World, number: int) -> None:
    main = world.store.main()
    world.store.by_hand(commit({**world.store.files(main), STRATEGY: "by hand"}, (main,), ALICE))


def _stop(world: World, number: int) -> None:
    world.store.append(stops.stop(world.store.entries(), ALICE, ""), ALICE)


def _resume(world: World, number: int) -> None:
    standing = stop_in_force(world.store.entries())
    if standing is not None:
        world.store.append(stops.resume(standing, ALICE), ALICE)


def _rollback(world: World, number: int) -> None:
    try:
        canary.abandon(world.desk, "asked for")
    except Refused:
        return


def _replay(world: World, number: int) -> None:
    """The first word of a person is delivered once more, as an edited comment would be."""
    said = (one for one in world.store.entries() if one.kind is Kind.VERDICT and one.signer == ALICE)
    first = next(said, None)
    if first is not None:
        world.store.append(Draft(first.kind, first.key, first.subject, first.body), ALICE)


_PERSON: dict[str, Callable[[World, int], None]] = {
    "push": _push,
    "approve": lambda world, number: _speaks(world, number, Stance.APPROVE),
    "veto": lambda world, number: _speaks(world, number, Stance.VETO),
    "hold": lambda world, number: _speaks(world, number, Stance.HOLD),
    "lift": lambda world, number: _speaks(world, number, Stance.ABSTAIN),
    "tighten": _tighten,
    "edit": _edit,
    "stop": _stop,
    "resume": _resume,
    "rollback": _rollback,
    "replay": _replay,
}
