"""A change of the constitution is vetoed when the desk could not work, or change it back, afterwards."""

import pytest

from alphaloop.agents.risk import examination
from alphaloop.facts.verdict import Stance
from alphaloop.forge.keys import rotation
from alphaloop.forge.keys.folder import draw
from alphaloop.forge.signature import public_line


def proposed(desk, files, key="k"):
    """Risk's objection to a change of these files by alice, or None."""
    change = desk.forge.open("human:alice", "Other rules", "", files, key)
    return examination.objection(desk, change)


def altered(desk, path, before, after):
    """A file of main with one text replaced."""
    text = desk.forge.file(desk.forge.main(), path)
    assert before in text
    return {path: text.replace(before, after, 1)}


@pytest.mark.parametrize(
    ("path", "before", "after", "why"),
    [
        ("roles.yaml", b"powers: [propose]", b"powers: [propse]", "did you mean 'propose'?"),
        ("roles.yaml", b"humans: [alice]", b"humans: []", "at least one human"),
        ("roles.yaml", b"humans: [alice]", b"humans: [bob]", "none of bob has a key in force"),
        ("risk.py", b"\nMAX_POSITION", b"\nMAX_POSITON", "MAX_POSITON"),
        ("market.yaml", b"tick:", b"tik:", "did you mean 'tick'?"),
    ],
)
def test_what_the_desk_could_not_work_by_is_vetoed(null, copied, sit, path, before, after, why):
    desk = sit(copied(null))
    files = altered(desk, path, before, after)
    for more in ({}, altered(desk, "strategy.py", b"PARAMS", b"PARAMS ")):
        said = proposed(desk, files | more, f"k{len(more)}")
        assert said is not None
        assert said.stance is Stance.VETO
        assert said.findings[0].message.startswith("after this change the desk could not work: ")
        assert why in said.findings[0].message


def test_a_human_may_hand_over_to_another_who_has_a_key(null, copied, sit):
    desk = sit(copied(null))
    forge = desk.forge
    line = public_line(draw(forge.keys.folder, "human:bob"))
    rotation.change_key(forge.git, forge.ledger, "human:bob", line, "joins", "human:alice")
    assert proposed(desk, altered(desk, "roles.yaml", b"humans: [alice]", b"humans: [bob]")) is None
    rotation.change_key(forge.git, forge.ledger, "human:bob", "", "leaves", "human:alice")
    assert proposed(desk, altered(desk, "roles.yaml", b"[alice]", b"[bob, carol]"), "k2") is not None
