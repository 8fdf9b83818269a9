"""The pre-trade stage: what the outer risk engine refused, and whose doing it was."""

from collections import Counter
from collections.abc import Iterator, Sequence

from alphaloop.checks.measure import CALM, Kind, Stressed
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.order import Cause, Refusal
from alphaloop.market.journal import SUBMIT, Journal


def pretrade_findings(runs: Sequence[Stressed], path: str) -> tuple[Finding, ...]:
    """A veto for each rule that the strategy itself broke, with its first case; circumstances are counted."""
    first: dict[str, tuple[str, Refusal]] = {}
    own: Counter[str] = Counter()
    circumstances: Counter[str] = Counter()
    for run in runs:
        for refusal in run.run.refusals if run.run is not None and run.kind is not Kind.COMPARISON else ():
            if refusal.cause is Cause.CIRCUMSTANCE:
                circumstances[refusal.rule] += 1
            else:
                own[refusal.rule] += 1
                first.setdefault(refusal.rule, (run.scenario, refusal))
    vetoed = (_own(path, rule, own[rule], *case) for rule, case in first.items())
    noted = (_circumstance(path, rule, count) for rule, count in sorted(circumstances.items()))
    return (*vetoed, *noted, *_always_wide(runs, path))


def _always_wide(runs: Sequence[Stressed], path: str) -> Iterator[Finding]:
    """In a calm market no one but the strategy makes it quote wider than the desk does, most of the time."""
    for calm in (run.run for run in runs if run.scenario == CALM and run.run is not None):
        wide = [refusal for refusal in calm.refusals if refusal.rule == "wide"]
        if len(wide) > _sent(calm):
            yield Finding(
                "pretrade.always_wide",
                Severity.VETO,
                f"in a calm market {len(wide)} quotes were refused because best bid and best ask were more "
                f"than {wide[0].limit:g} bps apart, and {_sent(calm)} orders went out; quote nearer",
                path,
            )


def _sent(journal: Journal) -> int:
    return int((journal.orders["verb"] == SUBMIT).sum())


def _own(path: str, rule: str, count: int, scenario: str, refusal: Refusal) -> Finding:
    value = "no number" if refusal.value is None else f"{refusal.value:g}"
    limit = "" if refusal.limit is None else f", the limit is {refusal.limit:g}"
    where = f"first in scenario {scenario} with {value}{limit}"
    words = f"{count} orders refused by the rule {rule}: {where}; {_INSTEAD[rule]}"
    return Finding(f"pretrade.{rule}", Severity.VETO, words, path)


def _circumstance(path: str, rule: str, count: int) -> Finding:
    return Finding(
        f"pretrade.{rule}", Severity.NOTE, f"{count} orders refused by circumstance ({rule})", path
    )


class _Advice(dict[str, str]):
    """What to do about a rule; a rule without advice of its own gets the general one."""

    def __missing__(self, rule: str) -> str:
        return "quote within the limits of risk.py"


_INSTEAD = _Advice(
    number="check that prices are finite and above 0, and sizes finite and not below 0, before quoting",
    side='write "buy" or "sell"',
    collar="quote nearer to book.mid",
    order_size="quote at most MAX_ORDER_SIZE",
    order_value="quote at most MAX_ORDER_VALUE / price",
    position="leave out a side whose fill could pass MAX_POSITION",
    quotes_per_side="quote fewer levels",
    duplicate="quote each price once",
    self_cross="keep every buy below every sell",
    spread="keep the best buy at least MIN_SPREAD_BPS below the best sell",
)
