"""What the arenas say on a terminal."""

from collections.abc import Iterator, Sequence

from alphaloop.facts.arena import Arena, Lives, Tally, wilson
from alphaloop.facts.catch import Catch, Caught

_LISTED = 40
_GATES = {
    "ours": "this gate",
    "keep_if_better": "keep if better",
    "uncounted_p": "p < 0.05, uncounted",
    "reused_hold_out": "reused hold-out",
    "deflated_sharpe": "deflated Sharpe > 0.95",
}


def arena_table(made: Arena) -> str:
    """Every gate on one line: loops with false promotions, and power where something was planted."""
    planted = made.share > 0
    headings = ["gate", "false loops", "95 %"]
    headings += ["power", "95 %", "false discoveries"] if planted else []
    headings += ["pairs, useless"] + (["pairs, good"] if planted else [])
    rows = [_row(tally, planted) for tally in made.tallies]
    return "\n".join([arena_title(made), "", *_aligned([headings, *rows]), "", *_below(made)])


def arena_title(made: Arena) -> str:
    """What was run."""
    loops = len(made.tallies[0].loops)
    planted = (
        f", {made.share:.0%} of them better by {made.effect:g} sd" if made.share else ", none of any use"
    )
    return f"{loops} loops of {made.proposals} proposals on {made.world}{planted}; seed {made.seed}"


def gate_name(gate: str) -> str:
    """A gate as people call it."""
    return _GATES[gate]


def synthetic_table(rows: Sequence[Lives]) -> str:
    """Our gate on drawn differences: a line for each kind."""
    headings = ["differences", "false lives", "95 %", "FDR", "power", "95 %", "pairs, useless", "pairs, good"]
    first = rows[0]
    title = f"{first.lives} lives of {first.proposals} proposals, {first.share:.0%} of them good"
    cells = [
        [
            row.kind,
            f"{row.false_lives / row.lives:.1%}",
            _interval(row.false_lives, row.lives),
            f"{row.false_discovery_rate:.2%}",
            _share(row.found, row.good),
            _interval(row.found, row.good),
            _pairs(row.pairs_useless),
            _pairs(row.pairs_good),
        ]
        for row in rows
    ]
    return "\n".join([title, "", *_aligned([headings, *cells])])


def catch_table(made: Catch) -> str:
    """The matrix of category by stage, then every file that got through and every false alarm."""
    stages = [*made.stages, ""]
    headings = ["category", *made.stages, "none", "in all"]
    rows = [
        [category, *(str(found[stage] or "·") for stage in stages), str(found.total())]
        for category, found in sorted(made.matrix.items())
    ]
    lines = _aligned([headings, *rows])
    lines += ["", *_listed("missed", made.missed), *_listed("false alarms", made.false_alarms)]
    if made.unasked:
        lines.append(f"waiting for a later stage than {made.stages[-1]}: {len(made.unasked)}")
    return "\n".join(lines)


def _row(tally: Tally, planted: bool) -> list[str]:
    loops = len(tally.loops)
    cells = [gate_name(tally.gate), _share(tally.false_loops, loops), _interval(tally.false_loops, loops)]
    if planted:
        rate = tally.false_discovery_rate
        cells += [_share(tally.found, tally.good), _interval(tally.found, tally.good)]
        cells.append("–" if rate is None else f"{rate:.1%}")
    return cells + [_pairs(tally.pairs(good=False))] + ([_pairs(tally.pairs(good=True))] if planted else [])


def _below(made: Arena) -> Iterator[str]:
    if made.zero is not None:
        yield (
            f"Dealt from {made.played} pairs of real episodes. A useless proposal's gain, as played, is "
            f"{made.zero:+.3f} sd; each of its pairs counts mirrored half of the time, so in truth it is 0."
        )
    if made.measured is not None:
        yield f"A good proposal's gain, as played, is {made.measured:+.3f} sd."


def _listed(what: str, fates: Sequence[Caught]) -> Iterator[str]:
    yield f"{what}: {len(fates)}"
    for fate in fates[:_LISTED]:
        yield f"  {fate.row.file} ({fate.row.category}) {' '.join(fate.rules)}".rstrip()
    if len(fates) > _LISTED:
        yield f"  and {len(fates) - _LISTED} more; --json lists all"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join([row[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)])
        for row in rows
    ]


def _share(found: int, count: int) -> str:
    return f"{found / count:.1%}" if count else "–"


def _interval(found: int, count: int) -> str:
    between = wilson(found, count)
    return "–" if between is None else f"{between[0]:.1%} to {between[1]:.1%}"


def _pairs(pairs: float | None) -> str:
    return "–" if pairs is None else f"{pairs:.0f}"
