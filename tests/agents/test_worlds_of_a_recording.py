"""What rests on a world made of a recording says so, and is not judged without that recording."""

from dataclasses import replace

import pytest

from alphaloop import words
from alphaloop.agents import data
from alphaloop.agents.grounds import venue_at
from alphaloop.agents.risk.binding import bound
from alphaloop.agents.tapes import refuse_other_tapes, refuse_other_world
from alphaloop.errors import BadTape
from alphaloop.facts.episode import GUARDS, Pair, Score
from alphaloop.facts.evidence import Evidence, Scales
from alphaloop.facts.judgement import Finish, Judgement
from alphaloop.facts.market import WorldSpec
from alphaloop.market.ingest import save
from alphaloop.market.worlds import make
from alphaloop.rules.constitution.market import market
from alphaloop.rules.constitution.writing import market_yaml
from alphaloop.simulation.venue import tape_of

NAME = "monday.npz"
JUDGEMENT = Judgement(Finish.BETTER, 1, 30_000.0, 1.0, 1e-4, (), (), "better")


@pytest.fixture
def folder(leaning, copied, by_hand):
    """A desk whose world is made of seventy seconds of a book market."""
    folder = copied(leaning)
    old = market((folder / "market.yaml").read_bytes())
    made = make(WorldSpec("book"), old.instrument, 70.0, 9)
    tape = replace(made, name=NAME, sigma=None)
    (folder / ".alphaloop" / "tapes").mkdir()
    save(tape, folder / ".alphaloop" / "tapes" / NAME)
    world = WorldSpec("bootstrap", (("block_s", 10.0),), f"{NAME}@{tape.digest()}")
    by_hand(folder, {"market.yaml": market_yaml(replace(old, world=world)).decode()})
    return folder


@pytest.fixture
def desk(folder, sit):
    return sit(folder)


def test_the_desk_finds_its_tape_and_every_process_can(desk):
    venue = venue_at(desk, desk.forge.main())
    assert venue.tapes == desk.tapes
    assert "conditional on monday.npz@sha256:" in tape_of(venue, 3).name


def test_evidence_is_bound_to_the_tape_that_its_world_is_made_of(desk, leaning, sit):
    here = bound(desk, desk.forge.main())
    assert here["conditional_on"] == venue_at(desk, desk.forge.main()).market.world.tape
    elsewhere = sit(leaning)
    assert "conditional_on" not in bound(elsewhere, elsewhere.forge.main())


def test_a_verdict_begins_with_what_it_is_conditional_on(desk):
    score = Score(1.0, 1.0, 0.1, 1.0, 0.0, 5.0, "", "sha256:c")
    found = Evidence(
        of="e" * 40,
        change=7,
        head="a" * 40,
        head_tree="c" * 40,
        base="b" * 40,
        signature="00",
        scales=Scales(1.0, dict.fromkeys(GUARDS, 0.0), 40),
        pairs=(Pair(1, score, score),),
        bound=bound(desk, desk.forge.main()),
        judgement=JUDGEMENT,
    )
    said = words.tested(found)
    assert said.startswith("conditional on the recorded tape monday.npz (sha256:")
    assert "of no other day: 1 paired episodes" in said
    rid = {name: value for name, value in found.bound.items() if name != "conditional_on"}
    assert words.tested(replace(found, bound=rid)).startswith("1 paired episodes")


def test_data_answers_for_the_tape_and_says_so(desk):
    change = desk.forge.open("quant", "an edit", "", {"strategy.py": b"X = 1\n"}, "key")
    assert data.review(desk, change).rests_on.startswith("conditional on the recorded tape monday.npz")


def test_without_its_tape_nothing_is_judged_and_it_is_said_before_a_turn_searches(folder, desk):
    (folder / ".alphaloop" / "tapes" / NAME).unlink()
    for refuse in (refuse_other_tapes, refuse_other_world):
        with pytest.raises(BadTape, match=r"alphaloop ingest FILE --as monday\.npz"):
            refuse(desk, desk.forge.main())
