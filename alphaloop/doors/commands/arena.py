"""`alphaloop arena`: worlds whose truth is known, and what gates promote on them."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from alphaloop.doors.printing import emit, tell

if TYPE_CHECKING:
    from alphaloop.agents.arena.loops import Wanted
    from alphaloop.facts.arena import Arena, Lives, Tally
    from alphaloop.facts.catch import Catch, Caught

_LOOPS = click.option(
    "--loops", type=click.IntRange(1, 100_000), default=200, show_default=True, help="Ledgers' lives to run."
)
_PROPOSALS = click.option(
    "--proposals", type=click.IntRange(1, 10_000), default=30, show_default=True, help="In each loop."
)
_PAIRS = click.option(
    "--pairs",
    type=click.IntRange(40, 10_000_000),
    help="Real pairs to play of each kind of proposal; what the loops are worth when left out.",
)
_SEED = click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Which episodes and draws."
)
_SYNTHETIC = click.option(
    "--synthetic", is_flag=True, help="Draw the differences instead of playing; a line for each kind of them."
)
_PLOT = click.option(
    "--plot", type=click.Path(path_type=Path), help="Draw the gates into this .svg, .png or .html."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
_EFFECTS = click.FloatRange(0.01, 3.0)


@click.group()
def command() -> None:
    """Try our gate, and others, where the truth is known."""


@command.command("null", short_help="Where nothing is of any use: what is promoted all the same.")
@_LOOPS
@_PROPOSALS
@click.option(
    "--world",
    type=click.Choice(["avellaneda-stoikov", "null", "book"]),
    default="avellaneda-stoikov",
    show_default=True,
    help="Where episodes are played.",
)
@_PAIRS
@_SEED
@_SYNTHETIC
@_PLOT
@_JSON
def null(**asked: Any) -> None:
    """Run loops of useless proposals: real files, played in isolation against the strategy that stands.

    Ctrl-C ends it early, and what was done until then is counted.
    """
    _run(share=0.0, effect=0.3, **asked)


@command.command("planted", short_help="Where some proposals are better: how many of them are found.")
@_LOOPS
@_PROPOSALS
@click.option(
    "--world",
    type=click.Choice(["avellaneda-stoikov", "book"]),
    default="avellaneda-stoikov",
    show_default=True,
    help="Where episodes are played.",
)
@click.option(
    "--effect",
    type=_EFFECTS,
    default=0.3,
    show_default=True,
    help="Gain of a good proposal, in deviations of a paired difference.",
)
@click.option(
    "--share",
    type=click.FloatRange(0.0, 1.0, min_open=True),
    default=0.2,
    show_default=True,
    help="Of the proposals that are good.",
)
@_PAIRS
@_SEED
@_SYNTHETIC
@_PLOT
@_JSON
def planted(**asked: Any) -> None:
    """Run loops in which a share of the proposals is better by a known effect.

    Ctrl-C ends it early, and what was done until then is counted.
    """
    _run(**asked)


@command.command("catch", short_help="Which safety stage catches which trick of the corpus.")
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    default=Path("tests") / "corpus",
    show_default=True,
    help="Folder with a manifest.csv.",
)
@click.option("--through", default="static", show_default=True, help="The last safety stage to ask.")
@click.option("--category", help="Only files of this category.")
@_JSON
def catch(corpus: Path, through: str, category: str | None, as_json: bool) -> None:
    """Judge a corpus of strategies whose nature is known: a matrix of category by stage.

    Needs the corpus of a clone of AlphaLoop's repository, or one of your own.  Exit code 1 when an unsafe
    file got through or an honest one was stopped.
    """
    from alphaloop import words
    from alphaloop.agents.arena.catching import caught, corpus_in

    made = caught(corpus_in(corpus, category), through, tell)
    if as_json:
        emit(_catch_facts(made))
    else:
        click.echo(words.catch_table(made))
    raise SystemExit(1 if made.missed or made.false_alarms else 0)


def _run(
    synthetic: bool, plot: Path | None, as_json: bool, share: float, effect: float, **asked: Any
) -> None:
    from alphaloop.agents.arena.loops import Wanted

    if math.isnan(effect) or math.isnan(share):
        raise click.BadParameter("nan is no number of deviations and no share")
    if plot is not None:
        _refuse(plot, synthetic)
    wanted = Wanted(share=share, effect=effect, **asked)
    if synthetic:
        _draw_lives(wanted, as_json)
    else:
        _play(wanted, plot, as_json)


def _refuse(plot: Path, synthetic: bool) -> None:
    from alphaloop.doors.pictures import paper

    if synthetic:
        raise click.UsageError("--plot draws the gates side by side, and --synthetic tries ours alone")
    paper.refuse(plot)


def _play(wanted: "Wanted", plot: Path | None, as_json: bool) -> None:
    from alphaloop import words
    from alphaloop.agents.arena.loops import arena

    made = arena(wanted, tell)
    if plot is not None:
        from alphaloop.doors.pictures import paper
        from alphaloop.doors.pictures.arena import drawn

        paper.save(drawn(made), plot, words.arena_title(made))
        tell(f"drawn: {plot}")
    if as_json:
        emit({tally.gate: _tally_facts(tally) for tally in made.tallies} | {"run": _run_facts(made)})
    else:
        click.echo(words.arena_table(made))


def _draw_lives(wanted: "Wanted", as_json: bool) -> None:
    from alphaloop import words
    from alphaloop.agents.arena.synthetic import Drawn, table

    drawn = Drawn(wanted.loops, wanted.proposals, wanted.share, wanted.effect, wanted.seed)
    rows = list(table(drawn, tell))
    if as_json:
        emit({"synthetic": [_lives_facts(row) for row in rows], "seed": wanted.seed})
    else:
        click.echo(words.synthetic_table(rows))


def _tally_facts(tally: "Tally") -> dict[str, Any]:
    """`wilson` is of the power where something was planted, else of the loops that promoted."""
    from alphaloop.facts.arena import wilson

    loops = len(tally.loops)
    power = wilson(tally.found, tally.good)
    return {
        "loops": loops,
        "promoting_loops": tally.promoting_loops,
        "false_loops": tally.false_loops,
        "false_loops_wilson": wilson(tally.false_loops, loops),
        "good": tally.good,
        "found": tally.found,
        "power": tally.power,
        "wilson": power or wilson(tally.promoting_loops, loops),
        "false_discovery_rate": tally.false_discovery_rate,
        "pairs_useless": tally.pairs(good=False),
        "pairs_good": tally.pairs(good=True),
    }


def _run_facts(made: "Arena") -> dict[str, Any]:
    return {
        "world": made.world,
        "seed": made.seed,
        "proposals": made.proposals,
        "share": made.share,
        "effect": made.effect,
        "measured_effect": made.measured,
        "measured_zero": made.zero,
        "pairs_played": made.played,
    }


def _lives_facts(row: "Lives") -> dict[str, Any]:
    from dataclasses import asdict

    from alphaloop.facts.arena import wilson

    power = row.found / row.good if row.good else None
    return asdict(row) | {
        "power": power,
        "power_wilson": wilson(row.found, row.good),
        "false_lives_wilson": wilson(row.false_lives, row.lives),
    }


def _catch_facts(made: "Catch") -> dict[str, Any]:
    matrix = {
        category: {stage or "none": count for stage, count in sorted(found.items())}
        for category, found in sorted(made.matrix.items())
    }
    return {
        "stages": made.stages,
        "matrix": matrix,
        "missed": [_fate_facts(fate) for fate in made.missed],
        "false_alarms": [_fate_facts(fate) for fate in made.false_alarms],
        "unasked": [_fate_facts(fate) for fate in made.unasked],
    }


def _fate_facts(fate: "Caught") -> dict[str, Any]:
    return {"file": fate.row.file, "category": fate.row.category, "must": fate.row.stage, "rules": fate.rules}
