"""The section `world` of market.yaml: a tape is pinned or refused, and what is written reads back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Instrument, Market, WorldSpec
from alphaloop.rules.constitution.market import market
from alphaloop.rules.constitution.writing import market_yaml, world_yaml

PIN = f"sha256:{'0' * 64}"
INSTRUMENT = Instrument("SYN", 0.01, 0.001, 0.0, 5.0)


def _yaml(world):
    text = market_yaml(Market(INSTRUMENT, 1_000.0, 0.01, 60.0, WorldSpec("book"))).decode()
    begin, end = text.index("world:"), text.index("\n\ntapes:")
    return (text[:begin] + world + text[end:]).encode()


def _read(tape):
    return market(_yaml(f"world:\n  name: bootstrap\n  tape: {tape}\n  params: {{}}")).world


def test_a_world_may_name_a_pinned_tape():
    assert _read(f"monday.npz@{PIN}") == WorldSpec("bootstrap", (), f"monday.npz@{PIN}")


@pytest.mark.parametrize(
    ("tape", "says"),
    [
        ("monday.npz", "pin the tape 'monday.npz' as in monday.npz@sha256:<64 digits>"),
        (f"monday.npz@{PIN[:-1]}", "pin the tape"),
        (f"monday.npz@{PIN.upper()}", "pin the tape"),
        (f"../monday.npz@{PIN}", "the tape '../monday.npz'"),
        (f"a/b.npz@{PIN}", "name a file, without folders"),
        (f'"@{PIN}"', "the tape ''"),
        ('""', "write text here"),
        ("[]", "write text here"),
    ],
)
def test_a_tape_that_is_not_pinned_or_lies_elsewhere_is_refused_with_its_line(tape, says):
    with pytest.raises(BadConfiguration, match=r"market\.yaml:\d+: ") as refusal:
        _read(tape)
    assert says in str(refusal.value)


def test_a_misspelt_key_of_the_world_is_refused_with_a_hint():
    with pytest.raises(BadConfiguration, match="did you mean 'tape'"):
        market(_yaml(f"world:\n  name: bootstrap\n  tap: monday.npz@{PIN}\n  params: {{}}"))


@given(
    name=st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True),
    params=st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True),
        st.floats(0.0, 1e9, allow_subnormal=False),
        max_size=5,
    ),
    tape=st.sampled_from(["", f"monday.npz@{PIN}"]),
)
def test_every_world_that_is_written_reads_back_as_the_same(name, params, tape):
    world = WorldSpec(name, tuple(sorted(params.items())), tape)
    assert market(market_yaml(Market(INSTRUMENT, 1_000.0, 0.01, 60.0, world))).world == world
    assert market(_yaml(world_yaml(world))).world == world
