"""roles.yaml: who sits on the desk, and the numbers that people look at."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from alphaloop.errors import BadConfiguration
from alphaloop.facts.constitution import Target
from alphaloop.facts.role import Power, Seat, Seats
from alphaloop.rules.constitution.segregation import against_segregation, malformed, outside_its_place
from alphaloop.rules.constitution.strict_yaml import Node, born, load, meant

FILE = "roles.yaml"
SEATS = ("quant", "execution", "risk", "infrastructure", "data", "architect", "qa", "sre", "delivery_lead")
# Every metric of `alphaloop metrics`, by layer; a test compares them with what is measured.
METRICS = (
    *("tick_to_trade_p50", "tick_to_trade_p99", "sequence_gaps", "drop_rate", "uptime", "api_weight"),
    *("slippage", "fill_rate", "fill_rate_by_size", "markout_1s", "markout_5s", "markout_60s"),
    *("effective_spread", "impact", "message_ratio", "filled_volume"),
    *("max_abs_position", "position_share", "max_drawdown", "liquidation_buffer", "basis_std"),
    *("inventory_0_20", "inventory_20_50", "inventory_50_80", "inventory_80_100", "basis_zscore"),
    *("funding_yield", "value_at_risk_99", "value_at_risk_99_low", "value_at_risk_99_high"),
    *("refused_orders", "refused_orders_own", "refused_orders_circumstance"),
    *("pnl", "pnl_spread", "pnl_inventory", "pnl_fees", "pnl_funding", "sharpe", "sharpe_error"),
    *("sharpe_annual", "sharpe_annual_error", "sortino", "sortino_annual", "certainty_equivalent"),
    *("objective", "win_rate", "probabilistic_sharpe", "deflated_sharpe", "overfit_probability"),
)
ACTING: Mapping[str, str] = {"slippage": "execution", "tick_to_trade_p99": "infrastructure"}
"""Thresholds that a seat holds a change by, and the seat: these must be there, and be upper bounds."""
MOST_REFUSALS = 100
LOGIN = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}"
_LOGIN = re.compile(LOGIN)
_RELATION = re.compile(r"(<=|>=|<|>|==)\s*(\S+)")


def seats(content: bytes) -> Seats:
    """The seats and humans; raises BadConfiguration with the line of what is wrong."""
    return _seats(_document(content))


def humans(content: bytes) -> tuple[str, ...]:
    """The registered logins alone, read from a file of which nothing else is asked."""
    document = load(FILE, content).entries()
    if "humans" not in document:
        raise BadConfiguration(f"{FILE}: it names no humans; add the line `humans: [<your login>]`")
    return _humans(document["humans"])


def targets(content: bytes) -> tuple[Target, ...]:
    """What every metric should be."""
    return _targets(_document(content)["targets"])


def thresholds(content: bytes) -> tuple[Target, ...]:
    """Where something must be done about a metric; those that a seat acts by are never left out."""
    node = _document(content)["thresholds"]
    places = node.entries()
    for metric, seat in ACTING.items():
        if metric not in places:
            raise node.error(f'{metric} is missing, and {seat} decides by it; add it, as in {metric}: "> 10"')
    listed = _targets(node)
    for one in listed:
        if one.metric in ACTING and one.relation not in (">", ">="):
            raise places[one.metric].error(
                f'{ACTING[one.metric]} holds a change whose {one.metric} is too large; write it as in "> 10"'
            )
    return listed


def login(node: Node) -> str:
    """One human's login: plain ASCII, never a pattern."""
    text = node.words()
    if not _LOGIN.fullmatch(text):
        raise node.error(f"{text!r} is no login: letters, digits, '-' and '_', and no wildcard")
    return text


# The same bytes are asked for their seats, their targets and their thresholds.
@lru_cache(maxsize=8)
def _document(content: bytes) -> Mapping[str, Node]:
    return load(FILE, content).mapping(("humans", "escalate_after", "seats", "targets", "thresholds"))


def _humans(node: Node) -> tuple[str, ...]:
    logins = tuple(login(one) for one in node.items())
    if not logins:
        raise node.error("a desk keeps at least one human; add your login, as in [alice]")
    if len({name.lower() for name in logins}) != len(logins):
        raise node.error("a human is listed twice; keep one")
    return logins


def _seats(document: Mapping[str, Node]) -> Seats:
    logins = _humans(document["humans"])
    node = document["seats"]
    named = node.entries()
    for name, place in named.items():
        if name not in SEATS:
            raise place.error(f"there is no seat {name!r}{meant(name, SEATS)}")
    lacking = [name for name in SEATS if name not in named]
    if lacking:
        raise node.error(f"the seat {lacking[0]!r} is missing; add it, a desk has nine")
    listed = tuple(_seat(name, place) for name, place in named.items())
    escalate_after = document["escalate_after"].whole()
    if escalate_after > MOST_REFUSALS:
        raise document["escalate_after"].error(f"escalate_after is at most {MOST_REFUSALS}; lower it")
    return born(document["escalate_after"], lambda: Seats(listed, logins, escalate_after))


def _seat(name: str, node: Node) -> Seat:
    fields = node.mapping(("persona", "writes", "reviews", "powers"))
    seat = Seat(
        name=name,
        persona=fields["persona"].words(),
        writes=_patterns(fields["writes"], lambda pattern: outside_its_place(name, pattern)),
        reviews=_patterns(fields["reviews"], malformed),
        powers=_powers(name, fields["powers"]),
    )
    wrong = against_segregation(seat)
    if wrong:
        raise fields["powers"].error(wrong)
    return seat


def _powers(seat: str, node: Node) -> frozenset[Power]:
    listed = [_power(seat, item) for item in node.items()]
    if len(set(listed)) != len(listed):
        raise node.error(f"seat {seat!r} lists a power twice; keep one")
    return frozenset(listed)


def _power(seat: str, node: Node) -> Power:
    word = node.words()
    known = tuple(power.value for power in Power)
    if word not in known:
        raise node.error(f"seat {seat!r} lists power {word!r}{meant(word, known)}")
    return Power(word)


def _patterns(node: Node, refused: Callable[[str], str]) -> tuple[str, ...]:
    patterns = []
    for item in node.items():
        pattern = item.words()
        wrong = refused(pattern) or ("it is there twice; keep one" if pattern in patterns else "")
        if wrong:
            raise item.error(f"the pattern {pattern!r}: {wrong}")
        patterns.append(pattern)
    return tuple(patterns)


def _targets(node: Node) -> tuple[Target, ...]:
    return tuple(_target(name, place) for name, place in node.entries().items())


def _target(name: str, node: Node) -> Target:
    if name not in METRICS:
        raise node.error(f"there is no metric {name!r}{meant(name, METRICS)}")
    match = _RELATION.fullmatch(node.words().strip())
    if match is None:
        raise node.error(f'write the target as in "< 5", not {node.words()!r}')
    value = Node(node.file, node.line, match[2]).number()
    return Target(name, match[1], value)
