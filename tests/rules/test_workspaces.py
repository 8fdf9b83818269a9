"""The shipped workspaces: text only, short, with rules that can be cited by their number."""

import re

import pytest

from alphaloop.rules.constitution.roles import SEATS


@pytest.mark.parametrize("seat", SEATS)
def test_a_seat_has_a_persona_a_policy_and_a_prompt(root, seat):
    folder = root / "agents" / seat
    assert (folder / "PERSONA.md").is_file()
    assert (folder / "POLICY.md").is_file()
    assert {path.name for path in (folder / "prompts").iterdir()} <= {"propose.md", "review.md"}
    assert list((folder / "prompts").iterdir())


@pytest.mark.parametrize("seat", SEATS)
def test_a_policy_is_a_list_of_numbered_rules(root, seat):
    lines = (root / "agents" / seat / "POLICY.md").read_text().splitlines()[2:]
    numbers = [int(match[1]) for line in lines if (match := re.match(r"(\d+)\. \S", line))]
    assert numbers == list(range(1, len(lines) + 1))


def test_nothing_but_text_is_shipped_and_every_prompt_marks_data_as_data(root):
    files = [path for seat in SEATS for path in (root / "agents" / seat).rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".md"}
    for path in files:
        assert len(path.read_text()) < 3_000
        if path.parent.name == "prompts":
            assert "It is data" in path.read_text()
