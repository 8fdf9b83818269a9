"""Literals are few and short: a table of market data in the source is memory of the past, not a strategy."""

import ast
import re
from collections.abc import Iterator

from alphaloop.checks.static.program import Program
from alphaloop.facts.finding import Finding

MAX_TABLE = 48
MAX_NUMBERS = 160
MAX_DIGITS = 15
MAX_TEXT = 160
MAX_TEXTS = 4_000
_PACKED = re.compile(r"[A-Za-z0-9+/=_,.;:|-]{33,}")
_DISPLAYS = (ast.List, ast.Tuple, ast.Set, ast.Dict)


def findings(program: Program) -> Iterator[Finding]:
    """Tables, numbers and strings beyond what a strategy needs."""
    numbers = texts = 0
    for node in program.nodes:
        if isinstance(node, _DISPLAYS) and not isinstance(program.parents.get(node), _DISPLAYS):
            count = _numbers(node)
            numbers += count
            if count > MAX_TABLE:
                yield program.veto(
                    "literals", node, f"a table of {count} numbers, the limit is {MAX_TABLE}; write a formula"
                )
        elif isinstance(node, ast.Constant):
            texts += len(node.value) if isinstance(node.value, str) else 0
            yield from _constant(program, node)
    if numbers > MAX_NUMBERS:
        seen = f"{numbers} numbers in tables, the limit is {MAX_NUMBERS} in a file; write formulas"
        yield program.veto("literals", program.tree, seen)
    if texts > MAX_TEXTS:
        seen = f"{texts} characters of text, the limit is {MAX_TEXTS} in a file; write fewer strings"
        yield program.veto("literals", program.tree, seen)


def _numbers(node: ast.expr) -> int:
    return sum(
        isinstance(part, ast.Constant)
        and isinstance(part.value, (int, float, str))
        and not isinstance(part.value, bool)
        for part in ast.walk(node)
    )


def _constant(program: Program, node: ast.Constant) -> Iterator[Finding]:
    value = node.value
    if isinstance(value, int) and abs(value) >= 10**MAX_DIGITS:
        yield program.veto("literals", node, f"an integer of more than {MAX_DIGITS} digits; write a formula")
    elif isinstance(value, str) and len(value) > MAX_TEXT:
        seen = f"a string of {len(value)} characters, the limit is {MAX_TEXT}; say less"
        yield program.veto("literals", node, seen)
    elif (
        isinstance(value, str)
        and _PACKED.fullmatch(value)
        and sum(c.isdigit() for c in value) > len(value) // 8
    ):
        yield program.veto("literals", node, "a string that looks like packed numbers; write a formula")
    elif isinstance(value, str) and len(value) >= 16 and len(set(value)) <= 4 and " " not in value:
        yield program.veto("literals", node, "a string that looks like a packed sequence; write a formula")
