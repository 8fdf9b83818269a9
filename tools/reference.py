"""Write docs/reference.md, metrics.md, scenarios.md and decisions/README.md from the code: none drifts.

`make docs` runs this file; tests/house/test_docs_are_current.py compares what it would write with what is
there.
"""

import importlib
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import click

from alphaloop.checks.static.table import RULES, TOOLS
from alphaloop.checks.table import STAGES
from alphaloop.doors.cli import COMMANDS
from alphaloop.doors.cli import commands as program
from alphaloop.errors import AlphaLoopError
from alphaloop.facts import entry
from alphaloop.facts.constitution import Target
from alphaloop.facts.metric import OWNERS
from alphaloop.market.metrics.health import health
from alphaloop.market.metrics.layers import LAYERS
from alphaloop.market.metrics.measure import Measure
from alphaloop.market.scenarios import SCENARIOS, Parameter
from alphaloop.market.worlds import CONDITIONAL, WORLDS, book, bootstrap, game, perpetual, regimes
from alphaloop.minds.search.catalogue import CATALOGUE
from alphaloop.rules.constitution.roles import ACTING, FILE
from alphaloop.rules.constitution.roles import seats as seats_of
from alphaloop.rules.constitution.roles import targets as targets_of
from alphaloop.rules.constitution.roles import thresholds as thresholds_of
from alphaloop.rules.standing import STANDING

REPOSITORY = Path(__file__).resolve().parents[1]
DECISIONS = REPOSITORY / "docs" / "decisions"
MODULES = {
    "scope": "alphaloop.rules.scope",
    "bytes": "alphaloop.checks.source",
    "static": "alphaloop.checks.static",
    "stress": "alphaloop.checks.stress",
    "surveillance": "alphaloop.checks.surveillance",
    "pre-trade": "alphaloop.checks.pretrade",
    "seats": "alphaloop.agents.board",
    "tournament": "alphaloop.rules.betting",
}
PARAMETERS: Mapping[str, Mapping[str, float]] = {
    "book": book.DEFAULTS,
    "avellaneda-stoikov": game.DEFAULTS,
    "null": game.NULL_DEFAULTS,
    "regimes": regimes.DEFAULTS,
    "bootstrap": bootstrap.DEFAULTS,
}
DESCRIBED = {module.__name__.rpartition(".")[2]: module.__name__ for module in (book, regimes, bootstrap)}
# A decision's number names the room that it is about.
ROOMS = {
    "000": "The house",
    "001": "Sandbox",
    "002": "Trading and simulation",
    "003": "Market",
    "004": "The gate's rules",
    "005": "Checks",
    "006": "Forge and ledger",
    "007": "Minds and the template",
    "008": "The loop as a whole",
    "009": "Recordings and the store",
    "010": "Worlds, scenarios and metrics",
    "011": "Speed and scale",
}


ABOUT_SCENARIOS = """
A scenario is a pure edit of a tape: it strikes in the middle of the episode and leaves a tape that could have
been recorded. The stress stage of the gate plays a candidate through all of them, on a tape that the file's
own bytes choose. `alphaloop simulate --scenario NAME --param NAME=VALUE --plot FILE` plays and draws one, and
`--scenarios` lists them. Written by `make docs` from the code; the pictures by `make pictures`.

Every picture shows the shipped strategy in the shipped market, on the tape of `--seed 0`. The scenario is
shaded; where the trader is cut off it is hatched `///`, where the venue refuses orders the other way. Grey
are the best bid and ask at the exchange, blue (solid) and vermilion (dashed) the best own quotes that rested
there. A filled triangle that points up is a purchase, a hollow one that points down a sale, both at the time
of the match. Position and equity are what the trader knows: a fill while the line is cut shows there when it
is heard of. Mark and index are drawn where they leave the book; delays, funding and a wrong clock below.

One picture is one tape. That each metric moves as it is said, over several tapes, is a test:
`tests/market/test_scenarios_move_metrics.py`. The shipped strategy reads no clock, so `clock_skew` leaves it
as it was, and the test plays one that does.
"""


def pages() -> Mapping[Path, str]:
    """Every generated page: path → text."""
    docs = REPOSITORY / "docs"
    return {
        docs / "reference.md": reference(),
        docs / "metrics.md": metrics(),
        docs / "scenarios.md": scenarios(),
        DECISIONS / "README.md": decisions(),
    }


def reference() -> str:
    """Seats, stages, rules, scenarios, worlds, hypotheses, commands, exit codes and kinds of entries."""
    parts: tuple[tuple[str, Callable[[], Iterable[str]]], ...] = (
        ("Seats", _seats),
        ("Stages of the gate", _stages),
        ("Rules of the static stage", _rules),
        ("Scenarios of the stress stage", _scenarios),
        ("Worlds", _worlds),
        ("Hypotheses of the embedded mind", _hypotheses),
        ("Comment commands", _comments),
        ("The command line", _command_line),
        ("Exit codes", _exit_codes),
        ("Entries of the ledger", _entries),
    )
    lines = ["# Reference", "", "Written by `make docs` from the code; change it there.", ""]
    for title, part in parts:
        lines += [f"## {title}", "", *part(), ""]
    return "\n".join(lines).rstrip() + "\n"


def metrics() -> str:
    """Every metric: formula, unit, owner, target and threshold as shipped, and what carries it."""
    shipped = _staffed((REPOSITORY / FILE).read_bytes())
    lines = [
        "# Metrics",
        "",
        "Written by `make docs` from the code and the shipped `roles.yaml`; change them there.",
        "",
        "Every number comes from recorded events. No event, no number: a metric that nothing carries is",
        "*missing*, never 0, and a gate that needs it refuses. `alphaloop metrics` prints the four layers of",
        "main's strategy: it *meets* its target, *misses* it, is *beyond* its threshold, is *missing*, or is",
        "only *reported*. Two thresholds act, and are read from the commit that a change is based on:",
        f"{' and '.join(f'{seat} holds a change by `{metric}`' for metric, seat in ACTING.items())}.",
        "",
        f"Health, {_first(health.__doc__)}",
        "",
    ]
    for layer, measures in LAYERS.items():
        lines += [f"## {layer.capitalize()}", "", f"`{OWNERS[layer]}` answers for it.", ""]
        lines += [*_measures(measures, targets_of(shipped), thresholds_of(shipped)), ""]
        for measure in {measure.of: measure for measure in measures}.values():
            lines += [*_explained(measure, measures), ""]
    return "\n".join(lines).rstrip() + "\n"


def _measures(
    measures: Iterable[Measure], targets: Iterable[Target], thresholds: Iterable[Target]
) -> Iterator[str]:
    meeting, acting = ({one.metric: str(one) for one in lines} for lines in (targets, thresholds))
    yield from _table(
        ("metric", "unit", "target", "threshold", "missing without"),
        (
            (f"`{one.name}`", one.unit, *(of.get(one.name, "") for of in (meeting, acting)), one.carried_by)
            for one in measures
        ),
    )


def _explained(measure: Measure, measures: Iterable[Measure]) -> Iterator[str]:
    """What a function says of the metrics that it computes, its traps set apart."""
    names = [f"`{one.name}`" for one in measures if one.of is measure.of]
    said = " ".join(inspect.cleandoc(measure.of.__doc__ or "").split()).removeprefix("= ")
    if not said:
        raise LookupError(f"{measure.name} has no docstring, and so no formula")
    words, trap, rest = said.partition("Trap: ")
    yield f"**{', '.join(names)}**: {words.strip().replace('|', '¦')}"
    if trap:
        yield ""
        yield f"> Trap: {rest}"


def scenarios() -> str:
    """Every scenario: what it tests, its parameters, the metric that it moves, and its picture."""
    lines = ["# Scenarios", ABOUT_SCENARIOS]
    for one in SCENARIOS.values():
        lines += [f"## {one.name}", "", one.sentence, "", f"Moves: `{one.moves}` {one.way}.", ""]
        if not one.in_games:
            lines += ["Leaves a tape whose fills come by chance (the published game) as it is.", ""]
        lines += _table(
            ("parameter", "value", "from", "to", "unit", "meaning"),
            (
                (
                    f"`{each.name}`",
                    f"{each.value:g}",
                    f"{each.low:g}",
                    f"{each.high:g}",
                    each.unit,
                    each.meaning,
                )
                for each in one.parameters
            ),
        )
        lines += ["", f"![The shipped strategy under {one.name}](pictures/scenario-{one.name}.svg)", ""]
    return "\n".join(lines).rstrip() + "\n"


def decisions() -> str:
    """The index of docs/decisions/, by room."""
    lines = [
        "# Decisions",
        "",
        "One page each: a question, the decision, and where it matters what was not taken, what was",
        "measured and what it costs. The first three digits name the room, so numbers have gaps on purpose.",
        "Written by `make docs` from the pages' titles.",
    ]
    for room, about in ROOMS.items():
        lines += ["", f"## {about}", ""]
        for path in sorted(DECISIONS.glob(f"{room}*.md")):
            title = path.read_text(encoding="utf-8").partition("\n")[0]
            number, _, words = title.removeprefix("# ").partition(": ")
            lines.append(f"- [{number}]({path.name}) {words}")
    return "\n".join(lines) + "\n"


def _seats() -> Iterator[str]:
    seats = seats_of(_staffed((REPOSITORY / FILE).read_bytes()))
    yield "From `roles.yaml`, as it is shipped. A path that no seat may write belongs to humans."
    yield ""
    yield from _table(
        ("seat", "persona", "writes", "reviews", "powers"),
        (
            (
                seat.name,
                seat.persona,
                _code(seat.writes),
                _code(seat.reviews) or "–",
                ", ".join(sorted(seat.powers)),
            )
            for seat in seats.seats
        ),
    )


def _stages() -> Iterator[str]:
    order = ("scope", *STAGES, "seats", "tournament")
    yield "In this order; the first veto ends the review."
    yield ""
    yield from _table(("stage", "what it is"), ((stage, _sentence(MODULES[stage])) for stage in order))


def _rules() -> Iterator[str]:
    modules = [judge.__module__ for judge in (*RULES, *TOOLS)]
    yield f"{len(RULES)} rules, then {len(TOOLS)} tools that are asked only about a file that passed them."
    yield ""
    yield from _table(
        ("rule", "what it says"), ((name.rpartition(".")[2], _sentence(name)) for name in modules)
    )


def _scenarios() -> Iterator[str]:
    yield "[scenarios.md](scenarios.md) shows each of them."
    yield ""
    yield from _table(
        ("scenario", "what it tests", "the metric that it moves", "parameters"),
        (
            (one.name, one.sentence, f"`{one.moves}` {one.way}", _code(_valued(one.parameters)))
            for one in SCENARIOS.values()
        ),
    )


def _valued(parameters: Iterable[Parameter]) -> Iterator[str]:
    return (f"{one.name} {one.value:g} {one.unit}" for one in parameters)


def _worlds() -> Iterator[str]:
    yield "`market.yaml` names one and may set its parameters; the defaults stand beside them."
    yield ""
    yield from _table(
        ("world", "what it is", "parameters"),
        ((name, _world(name), _code(_assigned(PARAMETERS[name]))) for name in (*WORLDS, *CONDITIONAL)),
    )
    yield ""
    yield f"Every one may be a perpetual as well: {_code(_assigned(perpetual.DEFAULTS))}."


def _world(name: str) -> str:
    return _sentence(DESCRIBED[name]) if name in DESCRIBED else _first(inspect.getdoc(WORLDS[name]))


def _hypotheses() -> Iterator[str]:
    yield from _table(
        ("hypothesis", "claim", "the number that it claims to move"),
        ((idea.key, idea.claim, f"`{idea.metric}`") for idea in CATALOGUE),
    )


def _comments() -> Iterator[str]:
    yield "On a pull request, in a comment that holds nothing else."
    yield ""
    yield from _table(
        ("command", "does", "who may"), ((f"`{one.usage}`", one.does, one.who) for one in STANDING.values())
    )


def _command_line() -> Iterator[str]:
    context = click.Context(program, info_name="alphaloop")
    for name in COMMANDS:
        command = program.get_command(context, name)
        if command is None:
            raise LookupError(f"`alphaloop {name}` is in the table of commands and cannot be had")
        yield from _one_command(command, click.Context(command, info_name=name, parent=context))


def _one_command(command: click.Command, context: click.Context) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name, member in command.commands.items():
            yield from _one_command(member, click.Context(member, info_name=name, parent=context))
        return
    arguments = [piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"]
    yield f"### `{' '.join([context.command_path, *arguments])}`"
    yield ""
    yield inspect.cleandoc(command.help or "").replace("  ", " ")
    yield ""
    named = (option for option in command.params if isinstance(option, click.Option))
    rows = [row for option in named if (row := option.get_help_record(context))]
    if rows:
        yield from _table(("option", "meaning"), ((_typed(name), _plain(words)) for name, words in rows))
        yield ""


def _typed(option: str) -> str:
    return f"`{option.lower().replace('integer range', 'n')}`"


def _plain(words: str) -> str:
    """An option's meaning without the bounds of its number, which the type says."""
    return re.sub(r"  \[(.*)]$", lambda found: f" ({found[1].partition(';')[0]})", words)


def _exit_codes() -> Iterator[str]:
    yield "0 done or approved, 1 held or vetoed, 2 usage or configuration, 3 broken. Errors say who must act:"
    yield ""
    yield from _table(
        ("error", "exit code", "what it says"),
        ((f"`{kind.__name__}`", str(kind.exit_code), _first(kind.__doc__)) for kind in _tree(AlphaLoopError)),
    )


def _tree(root: type[AlphaLoopError]) -> Iterator[type[AlphaLoopError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from _tree(kind)


def _entries() -> Iterator[str]:
    """The comment beside each kind is its description; a kind without one is an error."""
    source = inspect.getsource(entry.Kind)
    said = dict(re.findall(r'^    [A-Z_]+ = "([a-z ]+)"  # (.+)$', source, flags=re.MULTILINE))
    yield from _table(("kind", "what it records"), ((kind, said[kind]) for kind in entry.Kind))


def _staffed(shipped: bytes) -> bytes:
    """The shipped roles.yaml has no human yet, and a desk without one does not load."""
    return shipped.replace(b"humans: []", b"humans: [you]", 1)


def _assigned(values: Mapping[str, float]) -> Iterator[str]:
    return (f"{name} {value:g}" for name, value in values.items())


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _sentence(module: str) -> str:
    return _first(importlib.import_module(module).__doc__)


def _first(text: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    if not text:
        raise LookupError("what has no docstring cannot be described")
    return " ".join(inspect.cleandoc(text).split("\n\n")[0].split())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '¦') for cell in row)} |"


if __name__ == "__main__":
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8")
