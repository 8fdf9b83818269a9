"""The constitution's files: what is not plainly right is refused, with its line."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import ASSUMED_MARGIN, PROOF_S, Instrument, Limits, Market, WorldSpec
from alphaloop.facts.role import Power
from alphaloop.rules.constitution import limits, market, read, roles, writing
from alphaloop.rules.constitution.strict_yaml import load

POSITIVE = st.floats(1e-9, 1e9)
PIN = f"sha256:{'0' * 64}"
MARKET = b"""instrument:
  symbol: SYNTHETIC
  tick: 0.01
  lot: 0.001
  maker_bps: 0.0  # a rebate is negative
  taker_bps: 5.0
  fees_assumed: false
capital: 1000.0
gamma: 0.01
episode_s: 60
world:
  name: book
  params: {}
tapes: []
"""
RISK = b'''"""The limits of this desk."""

MAX_POSITION = 10.0
MAX_ORDER_SIZE = 5.0
MAX_ORDER_VALUE = 1_000.0
MAX_LEVERAGE = 2.0
MAX_DRAWDOWN = 0.10
PRICE_COLLAR_BPS = 500.0
MAX_QUOTES_PER_SIDE = 5
MAX_MESSAGES_PER_SECOND = 50
MIN_SPREAD_BPS = 0.5
MAX_SPREAD_BPS = 400.0
'''


@pytest.fixture(scope="module")
def market_yaml():
    return MARKET


@pytest.fixture(scope="module")
def risk_py():
    return RISK


def test_the_shipped_files_are_a_constitution(roles_yaml, root):
    template = root / "strategy_template"
    files = {name: (template / name).read_bytes() for name in ("market.yaml", "risk.py")}
    read_back = read({**files, "roles.yaml": roles_yaml}.__getitem__)
    assert [seat.name for seat in read_back.seats.seats] == list(roles.SEATS)
    assert read_back.seats.humans == ("alice", "bob")
    assert read_back.targets
    assert read_back.thresholds


def test_only_risk_may_veto_and_only_sre_may_merge(seats):
    assert [seat.name for seat in seats.seats if seat.may(Power.VETO)] == ["risk"]
    assert [seat.name for seat in seats.seats if seat.may(Power.MERGE)] == ["sre"]


def test_a_desk_without_humans_is_refused(root):
    with pytest.raises(BadConfiguration, match=r"roles.yaml:\d+: a desk keeps at least one human"):
        roles.seats((root / "roles.yaml").read_bytes())


ROLES_WRONG = [
    (b"  qa:\n", b"  qualty:\n", "there is no seat 'qualty'"),
    (b"  sre:\n    persona", b"  sree:\n    persona", "did you mean 'sre'"),
    (b"powers: [propose]", b"powers: [propse]", "did you mean 'propose'"),
    (b"powers: [propose]", b"powers: [propose, veto]", "'veto', which only 'risk'"),
    (b"powers: [propose]", b"powers: [merge, propose]", "which only 'sre'"),
    (b"[review, veto, open_tests, stop]", b"[review, veto, stop]", "must have the power 'open_tests'"),
    (b"[review, merge, release", b"[review, propose, merge, release", "must not merge"),
    (b"escalate_after: 3", b"escalate_after: 0", "at least 1"),
    (b"escalate_after: 3", b"escalate_after: 2.5", "whole number"),
    (b"escalate_after: 3", b"escalate_after: true", "number"),
    (b"humans: [alice, bob]", b'humans: ["*"]', "no wildcard"),
    (b"humans: [alice, bob]", b"humans: [alice, Alice]", "twice"),
    (b"humans: [alice, bob]", b"humans: alice", "write a list"),
    (b"humans: [alice, bob]", b"humans: [alice]\nhumans: [eve]", "there twice"),
    (b"seats:\n", b"seats:\n  quant: {}\n", "there twice"),
    (b"    persona: calm, risk-averse\n", b"", "'persona' is missing"),
    (b"    persona: calm, risk-averse\n", b"    persona: calm\n    wages: 3\n", "there is no 'wages' here"),
    (b"writes: [strategy.py, agents/quant", b'writes: ["**", agents/quant', "first part is a wildcard"),
    (b"writes: [strategy.py, agents/quant", b"writes: [risk.py, agents/quant", "belongs to humans"),
    (b"writes: [strategy.py, agents/quant", b"writes: [roles.yaml, agents/quant", "belongs to humans"),
    (b"writes: [strategy.py, agents/quant", b'writes: ["agents/**", agents/quant', "belongs to humans"),
    (b"agents/quant/POLICY.md", b"agents/risk/POLICY.md", "agents/quant/POLICY.md only"),
    (b"writes: [strategy.py, agents/quant", b'writes: ["../x", agents/quant', "part"),
    (b'drop_rate: "< 0.0001"', b'dropp_rate: "< 0.0001"', "did you mean 'drop_rate'"),
    (b'drop_rate: "< 0.0001"', b'drop_rate: "about 3"', "write the target"),
    (b'drop_rate: "< 0.0001"', b'drop_rate: "< .nan"', "finite"),
]


@pytest.mark.parametrize(("before", "after", "says"), ROLES_WRONG)
def test_a_wrong_roles_yaml_is_refused_with_its_line(roles_yaml, before, after, says):
    assert before in roles_yaml
    wrong = roles_yaml.replace(before, after, 1)
    with pytest.raises(BadConfiguration, match=r"^roles\.yaml:\d+: ") as refusal:
        assert not (roles.seats(wrong), roles.targets(wrong))
    assert says in str(refusal.value)


THRESHOLDS_WRONG = [
    (b'  slippage: "> 10"', b"", "slippage is missing, and execution decides by it"),
    (b'  tick_to_trade_p99: "> 100"', b"", "tick_to_trade_p99 is missing, and infrastructure decides by it"),
    (b'  slippage: "> 10"', b'  slippage: "< 10"', "whose slippage is too large"),
    (b'  tick_to_trade_p99: "> 100"', b'  tick_to_trade_p99: "== 100"', "too large"),
    (b'  slippage: "> 10"', b'  slipage: "> 10"', "slippage is missing"),
    (b'  basis_zscore: "> 2"', b'  basis_zscor: "> 2"', "did you mean 'basis_zscore'"),
]


@pytest.mark.parametrize(("before", "after", "says"), THRESHOLDS_WRONG)
def test_a_threshold_that_a_seat_acts_by_is_there_and_an_upper_bound(roles_yaml, before, after, says):
    head, line, tail = roles_yaml.partition(b"thresholds:\n")
    assert before in tail
    with pytest.raises(BadConfiguration, match=r"^roles\.yaml:\d+: ") as refusal:
        roles.thresholds(head + line + tail.replace(before, after, 1))
    assert says in str(refusal.value)


def test_a_threshold_is_found_by_its_metric_and_one_that_nobody_set_is_an_error(roles_yaml, root):
    template = root / "strategy_template"
    files = {name: (template / name).read_bytes() for name in ("market.yaml", "risk.py")}
    said = read({**files, "roles.yaml": roles_yaml}.__getitem__)
    assert str(said.threshold("slippage")) == "> 10"
    assert said.threshold("slippage").holds(10.1)
    assert not said.threshold("slippage").holds(10.0)
    with pytest.raises(BadConfiguration, match="do not name pnl"):
        said.threshold("pnl")


def test_the_line_is_the_one_to_look_at(roles_yaml):
    wrong = roles_yaml.replace(b"powers: [propose]", b"powers: [propse]", 1)
    line = wrong[: wrong.index(b"propse")].count(b"\n") + 1
    with pytest.raises(BadConfiguration, match=rf"^roles\.yaml:{line}: "):
        roles.seats(wrong)


def test_every_seat_is_needed(roles_yaml):
    start, end = roles_yaml.index(b"  delivery_lead:"), roles_yaml.index(b"# What people look at")
    with pytest.raises(BadConfiguration, match="'delivery_lead' is missing"):
        roles.seats(roles_yaml[:start] + roles_yaml[end:])


YAML_TRICKS = [
    b"",
    b"# only words\n",
    b"- a\n- b\n",
    b"a: &x 1\nb: *x\n",
    b"a: &x [1]\n",
    b"a: !!python/object/apply:os.system [id]\n",
    b"a: !!str 3\n",
    b"a: 1\n---\nb: 2\n",
    b"a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: {l: {m: 1}}}}}}}}}}}}\n",
    b"[" * 5000,
    b"a: [1\n",
    b"a:\tb\n",
    b"? [a, b]\n: 1\n",
    b"a: \xff\n",
    b"\xff\xfea: 1",
    b"a: 1\x00\n",
    b"a: 1\na: 2\n",
    b"a" * ((1 << 20) + 1),
]


@pytest.mark.parametrize("content", YAML_TRICKS, ids=range(len(YAML_TRICKS)))
def test_yaml_tricks_are_refused(content):
    with pytest.raises(BadConfiguration):
        load("market.yaml", content).mapping(("a", "b"))
    for parse in (market.market, roles.seats):
        with pytest.raises(BadConfiguration):
            parse(content)


@pytest.mark.parametrize(
    "word", ["1e-4x", "on", "0x10", "12:30", "", "~", "nan", ".inf", "1_", "'5'", "1e999", "[1]"]
)
def test_what_only_looks_like_a_number_is_refused(market_yaml, word):
    wrong = market_yaml.replace(b"gamma: 0.01", f"gamma: {word}".encode())
    assert wrong != market_yaml
    with pytest.raises(BadConfiguration, match=r"^market\.yaml:\d+: "):
        market.market(wrong)


@pytest.mark.parametrize("word", ["1e-4", "0.0001", "1E-4", "+0.0001", "1_000e-7"])
def test_a_small_number_may_be_written_in_any_plain_way(market_yaml, word):
    written = market_yaml.replace(b"gamma: 0.01", f"gamma: {word}".encode())
    assert market.market(written).gamma == pytest.approx(1e-4)


MARKET_WRONG = [
    (b"tick: 0.01", b"tick: 0", "tick must be a positive"),
    (b"tick: 0.01", b"tik: 0.01", "did you mean 'tick'"),
    (b"fees_assumed: false", b"fees_assumed: no", "true or false"),
    (b"fees_assumed: false", b"fees_assumed: false\n  maintenance_margin: 1", "below 1"),
    (b"fees_assumed: false", b"fees_assumed: false\n  maintenance_margin: -0.1", "at least 0"),
    (b"fees_assumed: false", b"fees_assumed: false\n  maintenance_margin: some", "number"),
    (b"fees_assumed: false", b"fees_assumed: false\n  maintenance_margn: 0.1", "did you mean 'maint"),
    (b"capital: 1000.0", b"capital: -1", "capital must be"),
    (b"gamma: 0.01", b"gamma: -0.01", "gamma"),
    (b"name: book", b"name: Book of Kells", "no name"),
    (b"tapes: []", b"tapes: [../secret.npz]", "part"),
    (b"tapes: []", b"tapes: [a/b.npz]", "without folders"),
    (b"tapes: []", b"tapes: [a.npz]", "pin the tape"),
    (b"tapes: []", b"tapes: [a.npz@sha256:0]", "pin the tape"),
    (b"tapes: []", f"tapes: [a.npz@{PIN}, a.npz@{PIN}]".encode(), "twice"),
    (b"tapes: []", b"tapes: a.npz", "list"),
    (b"params: {}", b"params: {depth: deep}", "number"),
]


@pytest.mark.parametrize(("before", "after", "says"), MARKET_WRONG)
def test_a_wrong_market_yaml_is_refused_with_its_line(market_yaml, before, after, says):
    assert before in market_yaml
    with pytest.raises(BadConfiguration, match=r"^market\.yaml:\d+: ") as refusal:
        market.market(market_yaml.replace(before, after, 1))
    assert says in str(refusal.value)


def test_what_a_venue_allows_is_stated_or_missing(market_yaml):
    assert market.market(market_yaml).messages_per_second is None
    stated = market.market(market_yaml + b"messages_per_second: 30.0\n")
    assert stated.messages_per_second == 30.0
    written = writing.market_yaml(stated)
    assert b"\nmessages_per_second: 30.0  # order messages that the venue allows in a second\n" in written
    assert market.market(written) == stated
    assert b"\n# messages_per_second: " in writing.market_yaml(market.market(market_yaml))
    for word in (b"0", b"-1.0", b".inf", b"many"):
        with pytest.raises(BadConfiguration):
            market.market(market_yaml + b"messages_per_second: " + word + b"\n")


def test_the_search_for_a_counterexample_has_as_long_as_a_human_says(market_yaml):
    assert market.market(market_yaml).proof_s == PROOF_S
    stated = market.market(market_yaml + b"proof_s: 60.0\n")
    assert stated.proof_s == 60.0
    assert market.market(writing.market_yaml(stated)) == stated
    for word in (b"0", b"0.9", b"601", b".inf", b".nan", b"long"):
        with pytest.raises(BadConfiguration):
            market.market(market_yaml + b"proof_s: " + word + b"\n")


def test_a_market_yaml_of_before_there_was_a_margin_has_the_assumed_one(market_yaml):
    assert b"maintenance_margin" not in market_yaml
    assert market.market(market_yaml).instrument.maintenance_margin == ASSUMED_MARGIN
    stated = market_yaml.replace(b"lot: 0.001", b"lot: 0.001\n  maintenance_margin: 0.02")
    assert market.market(stated).instrument.maintenance_margin == 0.02
    assert b"0.02  # share of" in writing.market_yaml(market.market(stated))
    assert b"assumed until" in writing.market_yaml(market.market(market_yaml))


RISK_WRONG = [
    (b"MAX_POSITION = 10.0", b"MAX_POSITION = float('inf')", "literal"),
    (b"MAX_POSITION = 10.0", b"MAX_POSITION = 1e999", "finite"),
    (b"MAX_POSITION = 10.0", b"MAX_POSITION = True", "number, not bool"),
    (b"MAX_POSITION = 10.0", b"MAX_POSITION = '10'", "number, not str"),
    (b"MAX_POSITION = 10.0", b"MAX_POSITION = 2j", "number, not complex"),
    (b"MAX_POSITION = 10.0", b"MAX_POSITION = -10.0", "positive"),
    (b"MAX_POSITION = 10.0", b"MAX_POSITION = 10.0\nMAX_POSITION = 20.0", "set twice"),
    (b"MAX_POSITION = 10.0", b"MAX_POSITION = MAX_ORDER_SIZE = 10.0", "only `NAME = number`"),
    (b"MAX_POSITION = 10.0", b"MAX_POSITION: float = 10.0", "only `NAME = number`"),
    (b"MAX_POSITION = 10.0", b"MAX_POSITION = 5 + 5", "literal"),
    (b"MAX_POSITION = 10.0", b"MAX_POSITON = 10.0", "did you mean 'MAX_POSITION'"),
    (b"MAX_POSITION = 10.0", b"import os\nMAX_POSITION = 10.0", "only `NAME = number`"),
    (b"MAX_QUOTES_PER_SIDE = 5", b"MAX_QUOTES_PER_SIDE = 5.5", "whole number"),
    (b"MAX_DRAWDOWN = 0.10", b"MAX_DRAWDOWN = 1.5", "at most 1"),
    (b"MIN_SPREAD_BPS = 0.5", b"MIN_SPREAD_BPS = 500.0", "between 0 and"),
    (b"MAX_POSITION = 10.0", b"MAX_POSITION = 10.0 +", "not Python"),
    (b"MAX_POSITION = 10.0", b"MAX_POSITION = 1" + b"0" * 400, "finite"),
]


@pytest.mark.parametrize(("before", "after", "says"), RISK_WRONG)
def test_a_wrong_risk_py_is_refused_with_its_line(risk_py, before, after, says):
    assert before in risk_py
    with pytest.raises(BadConfiguration, match=r"^risk\.py:\d+: ") as refusal:
        limits.limits(risk_py.replace(before, after, 1))
    assert says in str(refusal.value)


@pytest.mark.parametrize("name", limits.NAMES)
def test_every_limit_is_needed(risk_py, name):
    lines = [line for line in risk_py.split(b"\n") if not line.startswith(name.encode() + b" ")]
    with pytest.raises(BadConfiguration, match=f"{name} is missing"):
        limits.limits(b"\n".join(lines))


@pytest.mark.parametrize("content", [b"\xff", b"\x00", b"(" * 3000, b"x" * 70000, b"\xef\xbb\xbfX = 1"])
def test_what_is_no_text_is_no_risk_py(content):
    with pytest.raises(BadConfiguration):
        limits.limits(content)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_but_never_crash(content):
    for parse in (market.market, roles.seats, limits.limits):
        with pytest.raises(BadConfiguration):
            parse(content)


@given(
    st.builds(
        Limits,
        max_position=POSITIVE,
        max_order_size=POSITIVE,
        max_order_value=POSITIVE,
        max_leverage=POSITIVE,
        max_drawdown=st.floats(1e-6, 1.0),
        price_collar_bps=POSITIVE,
        max_quotes_per_side=st.integers(1, 1000),
        max_messages_per_second=POSITIVE,
        min_spread_bps=st.floats(0.0, 1.0),
        max_spread_bps=st.floats(1.0, 1e6),
    )
)
def test_limits_always_read_back_as_written(written):
    assert limits.limits(writing.risk_py(written)) == written


@given(
    st.builds(
        Instrument,
        symbol=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,20}", fullmatch=True),
        tick=POSITIVE,
        lot=POSITIVE,
        maker_bps=st.floats(-100, 100),
        taker_bps=st.floats(-100, 100),
        fees_assumed=st.booleans(),
        maintenance_margin=st.floats(0.0, 0.999),
    ),
    st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True), st.floats(-1e6, 1e6), max_size=5),
    POSITIVE,
)
def test_a_market_always_reads_back_as_written(instrument, params, capital):
    world = WorldSpec("book", tuple(sorted(params.items())))
    written = Market(instrument, capital, 0.01, 60.0, world, (f"one.npz@{PIN}", f"two.npz@{PIN}"))
    assert market.market(writing.market_yaml(written)) == written
    assert writing.market_yaml(written) == writing.market_yaml(replace(written))


def test_humans_are_filled_in_once(root, roles_yaml):
    with pytest.raises(BadConfiguration, match="humans"):
        writing.with_humans(roles_yaml, ["eve"])
