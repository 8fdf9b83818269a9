"""docs/reference.md: seats, stages, rules, worlds, hypotheses, commands, exit codes and kinds of entries."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from command_line import command_line
from rendering import code, first, sentence, table
from shipped import roles

from alphaloop.agents.clerk.table import TABLE
from alphaloop.checks.static.table import RULES, TOOLS
from alphaloop.checks.table import STAGES
from alphaloop.errors import AlphaLoopError
from alphaloop.facts import entry
from alphaloop.market.scenarios import SCENARIOS, Parameter
from alphaloop.market.worlds import CONDITIONAL, WORLDS, book, bootstrap, game, perpetual, regimes
from alphaloop.minds.search.catalogue import CATALOGUE
from alphaloop.rules.constitution.roles import seats as seats_of

MODULES = {
    "scope": "alphaloop.rules.scope",
    "bytes": "alphaloop.checks.source",
    "static": "alphaloop.checks.static",
    "proof": "alphaloop.checks.proof",
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
        ("The command line", command_line),
        ("Exit codes", _exit_codes),
        ("Entries of the ledger", _entries),
    )
    lines = ["# Reference", "", "Written by `make docs` from the code; change it there.", ""]
    for title, part in parts:
        lines += [f"## {title}", "", *part(), ""]
    return "\n".join(lines).rstrip() + "\n"


def _seats() -> Iterator[str]:
    seats = seats_of(roles())
    yield "From `roles.yaml`, as it is shipped. A path that no seat may write belongs to humans."
    yield ""
    yield from table(
        ("seat", "persona", "writes", "reviews", "powers"),
        (
            (
                seat.name,
                seat.persona,
                code(seat.writes),
                code(seat.reviews) or "–",
                ", ".join(sorted(seat.powers)),
            )
            for seat in seats.seats
        ),
    )


def _stages() -> Iterator[str]:
    order = ("scope", *STAGES, "seats", "tournament")
    yield "In this order; the first veto ends the review."
    yield ""
    yield from table(("stage", "what it is"), ((stage, sentence(MODULES[stage])) for stage in order))


def _rules() -> Iterator[str]:
    modules = [judge.__module__ for judge in (*RULES, *TOOLS)]
    yield f"{len(RULES)} rules, then {len(TOOLS)} tools that are asked only about a file that passed them."
    yield ""
    yield from table(
        ("rule", "what it says"), ((name.rpartition(".")[2], sentence(name)) for name in modules)
    )


def _scenarios() -> Iterator[str]:
    yield "[scenarios.md](scenarios.md) shows each of them."
    yield ""
    yield from table(
        ("scenario", "what it tests", "the metric that it moves", "parameters"),
        (
            (one.name, one.sentence, f"`{one.moves}` {one.way}", code(_valued(one.parameters)))
            for one in SCENARIOS.values()
        ),
    )


def _valued(parameters: Iterable[Parameter]) -> Iterator[str]:
    return (f"{one.name} {one.value:g} {one.unit}" for one in parameters)


def _worlds() -> Iterator[str]:
    yield "`market.yaml` names one and may set its parameters; the defaults stand beside them."
    yield ""
    yield from table(
        ("world", "what it is", "parameters"),
        ((name, _world(name), code(_assigned(PARAMETERS[name]))) for name in (*WORLDS, *CONDITIONAL)),
    )
    yield ""
    yield f"Every one may be a perpetual as well: {code(_assigned(perpetual.DEFAULTS))}."


def _world(name: str) -> str:
    return sentence(DESCRIBED[name]) if name in DESCRIBED else first(inspect.getdoc(WORLDS[name]))


def _hypotheses() -> Iterator[str]:
    yield from table(
        ("hypothesis", "claim", "the number that it claims to move"),
        ((idea.key, idea.claim, f"`{idea.metric}`") for idea in CATALOGUE),
    )


def _comments() -> Iterator[str]:
    yield "The first paragraph of a comment on a pull request, where every line of it is one of these."
    yield ""
    yield from table(
        ("command", "does", "who may"),
        ((f"`{one.usage.line}`", one.usage.does, one.usage.who) for one in TABLE.values()),
    )


def _exit_codes() -> Iterator[str]:
    yield "0 done or approved, 1 held or vetoed, 2 usage or configuration, 3 broken. Errors say who must act:"
    yield ""
    yield from table(
        ("error", "exit code", "what it says"),
        ((f"`{kind.__name__}`", str(kind.exit_code), first(kind.__doc__)) for kind in _tree(AlphaLoopError)),
    )


def _tree(root: type[AlphaLoopError]) -> Iterator[type[AlphaLoopError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from _tree(kind)


def _entries() -> Iterator[str]:
    """The comment beside each kind is its description; a kind without one is an error."""
    source = inspect.getsource(entry.Kind)
    said = dict(re.findall(r'^    [A-Z_]+ = "([a-z ]+)"  # (.+)$', source, flags=re.MULTILINE))
    yield from table(("kind", "what it records"), ((kind, said[kind]) for kind in entry.Kind))


def _assigned(values: Mapping[str, float]) -> Iterator[str]:
    return (f"{name} {value:g}" for name, value in values.items())
