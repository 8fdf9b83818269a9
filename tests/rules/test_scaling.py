"""A scaling is a fact of two trees: hostile ones first, then the one kind that is one."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import BadConfiguration
from alphaloop.facts.change import SCALED_PATHS, Scaling
from alphaloop.facts.market import Limits
from alphaloop.rules.constitution.limits import limits
from alphaloop.rules.scaling import MOVING, loosened, scaling

ALICE = "human:alice"
WAS = b"MAX_POSITION = 10.0"
TWICE = Scaling(10.0, 20.0, (ALICE,))


@pytest.fixture(scope="session")
def files(root):
    """The template's two files, as bytes by path."""
    return {path: (root / "strategy_template" / path).read_bytes() for path in SCALED_PATHS}


@pytest.fixture(scope="session")
def asked(files, seats):
    """What is made of the template's two files, changed by `strategy` and `risk`: text to text."""

    def ask(strategy, risk, signers=(ALICE,), paths=SCALED_PATHS, base=files):
        head = dict(base)
        for path, changes in (("strategy.py", strategy), ("risk.py", risk)):
            for old, new in changes.items():
                assert head[path].count(old) == 1, (path, old)
                head[path] = head[path].replace(old, new)
        return scaling(paths, signers, seats, base.__getitem__, head.__getitem__)

    return ask


def up(number: bytes) -> dict[bytes, bytes]:
    return {WAS: b"MAX_POSITION = " + number}


def test_the_number_that_both_files_state_is_raised_and_nothing_else(asked):
    assert asked(up(b"20.0"), up(b"20.0")) == TWICE
    assert asked(up(b"20"), up(b"2e1")) == TWICE, "the same number, however it is spelled"


@pytest.mark.parametrize("signers", [("quant",), (ALICE, "quant"), ("human:mallory", ALICE), (), ("human:",)])
def test_one_commit_by_anybody_but_a_registered_human_makes_it_none(asked, signers):
    assert "only registered humans scale" in asked(up(b"20.0"), up(b"20.0"), signers)
    former = "human:alice (with a key that was taken away)"
    assert "only registered humans" in asked(up(b"20.0"), up(b"20.0"), (former,))


@pytest.mark.parametrize("paths", [("strategy.py",), ("risk.py",), (*SCALED_PATHS, "market.yaml"), ()])
def test_it_touches_both_files_and_no_other(asked, paths):
    assert "other files" in asked(up(b"20.0"), up(b"20.0"), paths=paths)


def test_a_strategy_that_differs_by_one_more_byte_is_another_strategy(asked):
    for old, new in ((b"book.mid - half", b"book.mid  - half"), (b'"size_share": 0.2', b'"size_share": 0.3')):
        assert "in more than the number" in asked(up(b"20.0") | {old: new}, up(b"20.0"))
    assert "in more than the number" in asked({WAS: b"MAX_POSITION = 20.0  # more"}, up(b"20.0"))
    assert "in more than the number" in asked({WAS: b"MAX_POSITION  = 20.0"}, up(b"20.0"))


@pytest.mark.parametrize(
    "literal", [b"2 * 10.0", b"+20.0", b"float('20')", b"20.0 if True else 9.0", b"(20.0)", b"1_0"]
)
def test_a_position_that_is_computed_is_no_plain_number(asked, literal):
    assert "once, as a plain number" in asked(up(literal), up(b"20.0"))


@pytest.mark.parametrize(
    "second", [b"    MAX_POSITION = 20.0\n", b"    MAX_POSITION: float = 20.0\n", b"MAX_POSITION = 9.0\n"]
)
def test_a_position_that_is_assigned_twice_is_none_in_either_file(asked, files, second):
    both = {"strategy.py": files["strategy.py"] + second, "risk.py": files["risk.py"]}
    head = {"strategy.py": both["strategy.py"].replace(WAS, b"MAX_POSITION = 20.0"), "risk.py": b""}
    assert head["strategy.py"] != both["strategy.py"]
    assert "once" in asked({}, up(b"20.0"), base=both)
    with pytest.raises(BadConfiguration, match="set twice"):
        asked(up(b"20.0"), {WAS: b"MAX_POSITION = 20.0\nMAX_POSITION = 20.0"})


def test_limits_that_are_no_strict_literals_are_refused(asked):
    for other in (b"2 * 10.0", b"float('inf')", b"1e999", b"'20'"):
        with pytest.raises(BadConfiguration):
            asked(up(b"20.0"), up(other))
    with pytest.raises(BadConfiguration):
        asked(up(b"20.0"), up(b"20.0") | {b"MAX_DRAWDOWN": b"import os\nMAX_DRAWDOWN"})


def test_both_files_state_one_number_at_the_base_and_at_the_head(asked, files):
    assert "states 20.0, and risk.py there says 21" in asked(up(b"20.0"), up(b"21.0"))
    apart = files | {"risk.py": files["risk.py"].replace(WAS, b"MAX_POSITION = 5.0")}
    assert "of its base states 10.0" in asked(
        up(b"20.0"), {b"MAX_POSITION = 5.0": b"MAX_POSITION = 20.0"}, base=apart
    )


def test_a_position_that_stays_is_no_scaling_however_it_is_spelled(asked):
    assert "stays as it is" in asked(up(b"10"), {WAS: b"MAX_POSITION = 1e1"})


def test_the_number_is_lowered_the_same_way_and_the_limits_shrink_with_it(asked):
    halved = Scaling(10.0, 5.0, (ALICE,))
    assert not halved.raises
    assert asked(up(b"5.0"), up(b"5.0")) == halved
    order = {b"MAX_ORDER_SIZE = 5.0": b"MAX_ORDER_SIZE = 2.5"}
    assert asked(up(b"5.0"), up(b"5.0") | order) == halved
    for wrong in (b"2.4", b"5.000000001"):
        order = {b"MAX_ORDER_SIZE = 5.0": b"MAX_ORDER_SIZE = " + wrong}
        assert "MAX_ORDER_SIZE goes from 5" in asked(up(b"5.0"), up(b"5.0") | order)


def test_what_is_needed_to_hold_more_may_grow_by_the_same_factor_and_no_further(asked):
    order = {b"MAX_ORDER_SIZE = 5.0": b"MAX_ORDER_SIZE = 10.0", b"MAX_LEVERAGE = 2.0": b"MAX_LEVERAGE = 3.0"}
    assert asked(up(b"20.0"), up(b"20.0") | order) == TWICE
    beyond = {b"MAX_ORDER_SIZE = 5.0": b"MAX_ORDER_SIZE = 10.1"}
    assert "MAX_ORDER_SIZE goes from 5 to 10.1" in asked(up(b"20.0"), up(b"20.0") | beyond)
    less = {b"MAX_ORDER_VALUE = 1_000.0": b"MAX_ORDER_VALUE = 999.9999999999"}
    assert "MAX_ORDER_VALUE" in asked(up(b"20.0"), up(b"20.0") | less), "its way back would loosen that"
    # A third of ten, spelled in decimals: a rounding of the last digit is no step out of line.
    third = {b"MAX_ORDER_SIZE = 5.0": b"MAX_ORDER_SIZE = 6.666666666666667"}
    assert isinstance(asked(up(b"13.333333333333334"), up(b"13.333333333333334") | third), Scaling)


@pytest.mark.parametrize("name", [field.name for field in fields(Limits) if field.name not in MOVING])
def test_no_other_limit_changes_with_it_in_either_direction(asked, files, name):
    standing = limits(files["risk.py"])
    for factor in (0.5, 2):
        value = type(getattr(standing, name))(getattr(standing, name) * factor)
        line = next(one for one in files["risk.py"].splitlines() if one.startswith(name.upper().encode()))
        changed = {line: f"{name.upper()} = {value}".encode()}
        assert f"{name.upper()} changes too" in asked(up(b"20.0"), up(b"20.0") | changed)


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_no_bytes_make_it_raise_anything_but_what_is_meant(files, seats, strategy, risk):
    found = scaling(
        SCALED_PATHS,
        (ALICE,),
        seats,
        files.__getitem__,
        {"strategy.py": strategy, "risk.py": files["risk.py"]}.__getitem__,
    )
    assert isinstance(found, str)
    with pytest.raises(BadConfiguration):
        scaling(
            SCALED_PATHS,
            (ALICE,),
            seats,
            files.__getitem__,
            {"strategy.py": strategy, "risk.py": risk}.__getitem__,
        )


@pytest.mark.parametrize(
    ("before", "after", "signers"),
    [
        (10.0, 10.0, (ALICE,)),
        (10.0, -5.0, (ALICE,)),
        (0.0, 5.0, (ALICE,)),
        (1.0, float("inf"), (ALICE,)),
        (float("nan"), 2.0, (ALICE,)),
        (1.0, 2.0, ()),
        (1.0, 2.0, (ALICE, "quant")),
    ],
)
def test_an_impossible_scaling_is_refused_at_birth(before, after, signers):
    with pytest.raises(ValueError, match="scal"):
        Scaling(before, after, signers)


def test_what_restores_more_than_today_allows_is_named(files):
    now = limits(files["risk.py"])
    assert loosened(now, now) == ()
    assert loosened(now, replace(now, max_position=5.0, min_spread_bps=1.0)) == ()
    assert loosened(now, replace(now, max_position=11.0)) == ("MAX_POSITION",)
    assert loosened(now, replace(now, min_spread_bps=0.1, max_drawdown=0.2)) == (
        "MAX_DRAWDOWN",
        "MIN_SPREAD_BPS",
    )
