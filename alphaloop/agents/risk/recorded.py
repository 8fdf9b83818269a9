"""Recorded tapes: a report, and a guard against losses that no synthetic world showed.

Six minutes of one day support no statement about being better, so nothing here can approve.
"""

from collections.abc import Iterator

from alphaloop.agents.grounds import strategy_at, venue_at
from alphaloop.agents.tapes import episodes_of
from alphaloop.facts.change import Change
from alphaloop.facts.episode import Score
from alphaloop.facts.finding import Finding, Severity
from alphaloop.market.tape import Tape
from alphaloop.ports import Desk
from alphaloop.simulation.side import score_source
from alphaloop.simulation.venue import Venue


def recorded_findings(desk: Desk, change: Change) -> Iterator[Finding]:
    """A note for each recorded tape; a veto for a fault, a breach, or a loss beside main over MAX_DRAWDOWN.

    Raises BadTape when market.yaml names a tape that cannot guard: what guards must be there.
    """
    venue = venue_at(desk, change.judged_by)
    candidate, base = strategy_at(desk, change.head), strategy_at(desk, change.base)
    for name, episodes in episodes_of(desk, change.base):
        desk.tell(f"  recorded tape {name}: {len(episodes)} episodes")
        sides = [(_score(candidate, tape, venue), _score(base, tape, venue)) for tape in episodes]
        yield _finding(name, sides, venue)


def _score(source: bytes, tape: Tape, venue: Venue) -> Score:
    return score_source(source, tape, venue)


def _finding(name: str, sides: list[tuple[Score, Score]], venue: Venue) -> Finding:
    broken = next((here.fault or here.breach for here, _ in sides if here.fault or here.breach), "")
    if broken:
        return Finding(
            "recorded", Severity.VETO, f"on the recorded tape {name} the strategy failed: {broken}"
        )
    both = [(here.pnl, main.pnl) for here, main in sides if here.pnl is not None and main.pnl is not None]
    if len(both) < len(sides) or not both:
        return Finding(
            "recorded", Severity.VETO, f"on the recorded tape {name} PnL is missing, so nothing is guarded"
        )
    here, main = (sum(column) for column in zip(*both, strict=True))
    allowed = venue.limits.max_drawdown * venue.market.capital
    said = f"recorded tape {name}, {len(both)} episodes: PnL {here:.4g}, main {main:.4g}"
    if not main - here <= allowed:
        return Finding(
            "recorded", Severity.VETO, f"{said}: it falls short by more than the {allowed:.4g} allowed"
        )
    return Finding("recorded", Severity.NOTE, f"{said} (a report, not evidence)")
