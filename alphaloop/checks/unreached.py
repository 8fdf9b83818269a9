"""Lines of a strategy that the watched drill never reached, for people to look at."""

import ast
from collections.abc import Iterable, Iterator, Sequence

from alphaloop.checks.measure import Stressed
from alphaloop.facts.finding import Finding, Severity

_BORN = ("__init__", "__post_init__")
"""These ran before the watch began."""


def unreached_findings(runs: Sequence[Stressed], source: bytes, path: str) -> Iterator[Finding]:
    """One note with the lines that no step reached; none when all were, or when nothing was watched.

    What a worker says of itself is its own word, so that all lines were reached proves nothing.
    """
    for run in runs:
        missed = sorted(_missed(source, run.lines)) if run.lines is not None else []
        if missed:
            words = f"scenario {run.scenario}: it never came to {_told(missed)}; see what they wait for"
            yield Finding("stress.unreached", Severity.NOTE, words, path, missed[0])


def _missed(source: bytes, reached: frozenset[int]) -> set[int]:
    """First lines of the statements of functions of which no line was reached.

    Docstrings never are, and what ran at birth was before the watch.
    """
    return {
        statement.lineno
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef) and function.name not in _BORN
        for part in function.body
        for statement in ast.walk(part)
        if isinstance(statement, ast.stmt) and _runs(statement)
        # A statement of several lines may begin with its second.
        if reached.isdisjoint(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    }


def _runs(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return False
    return not isinstance(node, ast.Global | ast.Nonlocal)


def _told(lines: Iterable[int]) -> str:
    """Lines as a reader would say them: 12, 15-17."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    parts = [f"{first}-{last}" if last > first else f"{first}" for first, last in spans]
    return f"line{'s' if len(parts) > 1 or '-' in parts[0] else ''} {', '.join(parts)}"
