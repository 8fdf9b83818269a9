"""A quote of NaN is no quote: it fails every comparison that should have held it back."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.given import values
from alphaloop.checks.static.program import Program
from alphaloop.facts.finding import Finding


def findings(program: Program) -> Iterator[Finding]:
    """Quotes whose price or size is written as NaN, also under a name."""
    for node in program.walk(ast.Call):
        if not isinstance(node, ast.Call) or program.origin(node.func) != "alphaloop.contract.Quote":
            continue
        for given in [*node.args[1:], *(keyword.value for keyword in node.keywords)]:
            if _is_nan(program, given):
                seen = f"{ast.unparse(given)} may be NaN; leave a quote out that has no price or size"
                yield program.veto("missing", node, seen)


def _is_nan(program: Program, node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        return any(value is not None and _is_written_nan(program, value) for value in values(program, node))
    return _is_written_nan(program, node)


def _is_written_nan(program: Program, node: ast.expr) -> bool:
    match node:
        case ast.UnaryOp(operand=operand):
            return _is_written_nan(program, operand)
        case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str() as text)]):
            return text.strip().lower().lstrip("+-") == "nan"
        case _:
            return program.origin(node) in ("math.nan", "numpy.nan")
