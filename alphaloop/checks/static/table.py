"""The rules of the static stage, in the order in which a reader wants to hear of them."""

from collections.abc import Callable, Iterator

from alphaloop.checks.static import (
    annotations,
    attributes,
    bandit,
    calls,
    classes,
    closures,
    curves,
    decorators,
    defaults,
    dunders,
    exceptions,
    fingerprints,
    generators,
    growth,
    imports,
    limits,
    literals,
    loops,
    missing,
    moments,
    names,
    nodes,
    order,
    params,
    recursion,
    resources,
    ruff,
    shadowing,
    shape,
    stores,
    tables,
    texts,
    toplevel,
)
from alphaloop.checks.static.program import Program
from alphaloop.checks.static.reading import read
from alphaloop.checks.subject import Subject
from alphaloop.facts.finding import Finding, Severity, vetoes

RULES: tuple[Callable[[Program], Iterator[Finding]], ...] = (
    imports.findings,
    nodes.findings,
    names.findings,
    dunders.findings,
    attributes.findings,
    shape.findings,
    limits.findings,
    params.findings,
    missing.findings,
    toplevel.findings,
    classes.findings,
    decorators.findings,
    annotations.findings,
    defaults.findings,
    shadowing.findings,
    calls.findings,
    stores.findings,
    tables.findings,
    closures.findings,
    generators.findings,
    exceptions.findings,
    loops.findings,
    recursion.findings,
    resources.findings,
    growth.findings,
    literals.findings,
    fingerprints.findings,
    curves.findings,
    moments.findings,
    order.findings,
    texts.findings,
)
TOOLS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (ruff.findings, bandit.findings)


def static_findings(subject: Subject) -> tuple[Finding, ...]:
    """Everything that the rules see in a file; the tools are asked only about a file that passed them.

    The file has passed the bytes stage.  Raises Broken when a tool did not run: silence is no approval.
    """
    found = rule_findings(subject)
    if vetoes(found):
        return found
    return (*found, *(finding for tool in TOOLS for finding in tool(subject)))


def rule_findings(subject: Subject) -> tuple[Finding, ...]:
    """What the rules alone see in a file that has passed the bytes stage."""
    try:
        program = read(subject)
        return tuple(finding for rule in RULES for finding in rule(program))
    except (RecursionError, MemoryError):
        words = "the program is too involved to be checked; take its expressions apart"
        return (Finding("static.program", Severity.VETO, words, subject.path),)
