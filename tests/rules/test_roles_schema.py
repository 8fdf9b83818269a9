"""The published schema of roles.yaml and its reader agree: what one takes or refuses, the other does."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from alphaloop.errors import BadConfiguration
from alphaloop.rules.constitution import roles
from alphaloop.rules.constitution.schema import roles_schema

VALIDATOR = Draft202012Validator(roles_schema())
QUANT = b"writes: [strategy.py, agents/quant"
HOSTILE = [
    (b"  qa:\n", b"  qualty:\n"),
    (b"  sre:\n    persona", b"  sree:\n    persona"),
    (b"powers: [propose]", b"powers: [propse]"),
    (b"powers: [propose]", b"powers: [propose, propose]"),
    (b"powers: [propose]", b"powers: [propose, veto]"),
    (b"powers: [propose]", b"powers: [merge]"),
    (b"powers: [propose]", b"powers: [open_tests]"),
    (b"powers: [propose]", b"powers: propose"),
    (b"powers: [propose]", b"powers: []\n    wages: 3"),
    (b"[review, veto, open_tests, stop]", b"[review, veto, stop]"),
    (b"[review, veto, open_tests, stop]", b"[propose, review, veto, open_tests, stop]"),
    (b"[review, veto, open_tests, stop]", b"[review, veto, open_tests, stop, merge]"),
    (b"[review, merge, release", b"[review, propose, merge, release"),
    (b"[review, merge, release", b"[merge, release"),
    (b"powers: [assign, escalate]", b"powers: [assign]"),
    (b"escalate_after: 3", b"escalate_after: 0"),
    (b"escalate_after: 3", b"escalate_after: 2.5"),
    (b"escalate_after: 3", b"escalate_after: true"),
    (b"escalate_after: 3", b"escalate_after: 101"),
    (b"escalate_after: 3", b'escalate_after: "3"'),
    (b"escalate_after: 3", b""),
    (b"humans: [alice, bob]", b"humans: []"),
    (b"humans: [alice, bob]", b'humans: ["*"]'),
    (b"humans: [alice, bob]", b"humans: [alice, alice]"),
    (b"humans: [alice, bob]", b"humans: [12345]"),
    (b"humans: [alice, bob]", b"humans: [no]"),
    (b"humans: [alice, bob]", b"humans: alice"),
    (b"humans: [alice, bob]", b"humans: [human:alice]"),
    (b"humans: [alice, bob]", b"humans: [alice]\nroots: [eve]"),
    (b"    persona: calm, risk-averse\n", b""),
    (b"    persona: calm, risk-averse\n", b"    persona: ''\n"),
    (b"    persona: calm, risk-averse\n", b"    persona: 3\n"),
    (QUANT, b'writes: ["**", agents/quant'),
    (QUANT, b'writes: ["*.py", agents/quant'),
    (QUANT, b"writes: [risk.py, agents/quant"),
    (QUANT, b"writes: [roles.yaml, agents/quant"),
    (QUANT, b"writes: [keys/allowed_signers, agents/quant"),
    (QUANT, b"writes: [.github/workflows/ci.yml, agents/quant"),
    (QUANT, b'writes: ["agents/**", agents/quant'),
    (QUANT, b"writes: [agents/quant/PERSONA.md, agents/quant"),
    (QUANT, b'writes: ["../x", agents/quant'),
    (QUANT, b"writes: [a//b, agents/quant"),
    (QUANT, b"writes: [/etc/passwd, agents/quant"),
    (QUANT, b"writes: [.git/config, agents/quant"),
    (QUANT, b"writes: [strategy.py, strategy.py, agents/quant"),
    (b"agents/quant/POLICY.md", b"agents/risk/POLICY.md"),
    (b'reviews: ["**"]', b'reviews: ["strategy py"]'),
    (b'reviews: ["**"]', b"reviews: [../x]"),
    (b"reviews: []\n    powers: [propose]", b"reviews: [strategy.py]\n    powers: [propose]"),
    (b'drop_rate: "< 0.0001"', b'dropp_rate: "< 0.0001"'),
    (b'drop_rate: "< 0.0001"', b'drop_rate: "about 3"'),
    (b'drop_rate: "< 0.0001"', b'drop_rate: "< .nan"'),
    (b'drop_rate: "< 0.0001"', b"drop_rate: 3"),
    (b'  slippage: "> 10"  # Execution holds\n', b""),
    (b'  slippage: "> 10"', b'  slippage: "< 10"'),
]
FINE = [
    (b"humans: [alice, bob]", b"humans: [a]"),
    (b"humans: [alice, bob]", b'humans: ["12345"]'),
    (b"humans: [alice, bob]", b"humans:\n  - alice\n  - bob-2_x"),
    (b"escalate_after: 3", b"escalate_after: 100"),
    (QUANT, b"writes: [strategy.py, notes/quant/*.md, notes/**, agents/quant"),
    (QUANT, b"writes: [agents/quant"),
    (b"powers: [propose]", b"powers: []"),
    (b'drop_rate: "< 0.0001"', b'drop_rate: " <= 1_000e-7 "'),
    (b'  slippage: "> 10"', b'  slippage: ">= 10.5"'),
]
ONLY_THE_READER = [
    (b"humans: [alice, bob]", b"humans: [alice, Alice]"),
    (b"humans: [alice, bob]", b"humans: [alice]\nhumans: [eve]"),
    (b"humans: [alice, bob]", b"humans: &x [alice, bob]"),
    (b'drop_rate: "< 0.0001"', b'drop_rate: "< 1e999"'),
    (QUANT, b"writes: [tests/nul.py, agents/quant"),
]


def taken(content: bytes) -> bool:
    """Whether the reader takes the file."""
    try:
        return bool(roles.seats(content)) and roles.targets(content) != () and bool(roles.thresholds(content))
    except BadConfiguration:
        return False


def valid(content: bytes) -> bool:
    """Whether the schema takes what another reader of YAML makes of the file."""
    document: Any = yaml.safe_load(content)
    return VALIDATOR.is_valid(document)


def test_it_is_a_schema_and_published_as_it_is(root: Path) -> None:
    Draft202012Validator.check_schema(roles_schema())
    assert json.loads((root / "docs" / "roles.schema.json").read_text()) == roles_schema()


def test_the_shipped_file_is_taken_by_both(roles_yaml: bytes) -> None:
    assert taken(roles_yaml)
    assert valid(roles_yaml)


@pytest.mark.parametrize(("before", "after"), HOSTILE)
def test_what_is_hostile_is_refused_by_both(roles_yaml: bytes, before: bytes, after: bytes) -> None:
    head, line, tail = roles_yaml.rpartition(before)
    assert line
    wrong = roles_yaml.replace(before, after, 1) if b"slippage" not in before else head + after + tail
    assert not taken(wrong)
    assert not valid(wrong)


@pytest.mark.parametrize(("before", "after"), FINE)
def test_what_is_fine_is_taken_by_both(roles_yaml: bytes, before: bytes, after: bytes) -> None:
    head, line, tail = roles_yaml.rpartition(before)
    assert line
    fine = roles_yaml.replace(before, after, 1) if b"slippage" not in before else head + after + tail
    assert taken(fine)
    assert valid(fine)


@pytest.mark.parametrize(("before", "after"), ONLY_THE_READER)
def test_what_a_schema_cannot_say_the_reader_refuses(roles_yaml: bytes, before: bytes, after: bytes) -> None:
    assert before in roles_yaml
    assert not taken(roles_yaml.replace(before, after, 1))


@settings(max_examples=30)
@given(st.data())
def test_the_schema_never_refuses_what_the_reader_takes(roles_yaml: bytes, data: st.DataObject) -> None:
    words = st.sampled_from(["propose", "review", "veto", "merge", "open_tests", "stop", "escalate"])
    powers = ", ".join(data.draw(st.lists(words, max_size=4)))
    path = data.draw(st.text("ab*./-", min_size=1, max_size=8))
    written = roles_yaml.replace(b"powers: [propose]", f"powers: [{powers}]".encode(), 1)
    written = written.replace(QUANT, f'writes: ["{path}", agents/quant'.encode(), 1)
    assert valid(written) or not taken(written)
