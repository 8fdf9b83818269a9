"""What Quant's search and the pilot remember, against the same episodes played anew."""

import subprocess
from collections.abc import Iterator

import pytest

from alphaloop.agents.grounds import STRATEGY, strategy_at, venue_at
from alphaloop.agents.pilot import scales_between
from alphaloop.agents.quant import _Search
from alphaloop.doors.newborn import founded
from alphaloop.errors import SandboxUnavailable
from alphaloop.ports import Desk
from alphaloop.rules import seeds
from alphaloop.simulation.isolation import sandbox_named
from alphaloop.simulation.pairs import play_pairs
from alphaloop.wiring import desk_at


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    try:
        sandbox_named("lockdown")
    except SandboxUnavailable as error:
        pytest.skip(f"no lockdown here: {error}")
    folder = tmp_path_factory.mktemp("desks") / "desk"
    founded(folder, (), "avellaneda-stoikov", "ann", lambda words: None)
    market = folder / "market.yaml"
    market.write_text(market.read_text().replace("params: {}", "params: {games: 1.0}"))
    subprocess.run(["git", "commit", "-qam", "One game an episode"], cwd=folder, check=True, timeout=30)
    with desk_at(folder, lambda words: None, seed=3) as made:
        yield made


def test_a_search_that_remembers_main_gives_the_gains_of_one_that_plays_it_anew(desk: Desk) -> None:
    main = desk.forge.main()
    standing, venue = strategy_at(desk, main), venue_at(desk, main)
    wider, narrower = (_with_half_spread(standing, bps) for bps in (90.0, 60.0))
    search = _Search(desk, venue, standing, turn=2)
    found = {
        "first": search.rehearse(wider, 3),
        "on what main has played, and further": search.rehearse(narrower, 5),
        "further with the first": search.rehearse(wider, 5),
        "less than is known": search.rehearse(narrower, 2),
    }

    def anew(source: str, pairs: int) -> list[float | None]:
        numbers = seeds.search(desk.seed, "turn 2", pairs)
        return [pair.gain for pair in play_pairs(source.encode(), standing, numbers, venue, cores=1)]

    assert found == {
        "first": anew(wider, 3),
        "on what main has played, and further": anew(narrower, 5),
        "further with the first": anew(wider, 5),
        "less than is known": anew(narrower, 2),
    }
    assert all(gain not in {None, 0.0} for gain in anew(wider, 3))


def test_two_commits_of_one_file_have_one_pilot_and_another_file_has_another(desk: Desk) -> None:
    main = desk.forge.main()
    wider, narrower = (_with_half_spread(strategy_at(desk, main), bps).encode() for bps in (90.0, 60.0))
    first, again, other = (
        desk.forge.open("quant", key, "said by a test", {STRATEGY: source}, key).head
        for key, source in (("first", wider), ("again", wider), ("other", narrower))
    )
    assert first != again
    measured = scales_between(desk, first, main, main)
    assert measured.objective
    assert scales_between(desk, again, main, main) == measured
    assert scales_between(desk, other, main, main) != measured


def _with_half_spread(standing: bytes, bps: float) -> str:
    source = standing.decode()
    head, name, rest = source.partition('"half_spread_bps": ')
    assert name
    return f"{head}{name}{bps}{rest[rest.index(',') :]}"
