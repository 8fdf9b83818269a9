"""Defaults of parameters are constants: a mutable default is memory that no instance owns."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.constants import is_immutable
from alphaloop.checks.static.program import FUNCTIONS, Program
from alphaloop.facts.finding import Finding


def findings(program: Program) -> Iterator[Finding]:
    """Defaults that are computed or can change."""
    for node in program.nodes:
        if not isinstance(node, FUNCTIONS):
            continue
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None and not is_immutable(program, default) and not _captured(program, default):
                seen = "a default that is computed or can change; write a literal, or None and a test"
                yield program.veto("defaults", default, seen)


def _captured(program: Program, default: ast.expr) -> bool:
    """`lambda x, n=n: …` binds a number early, which is honest; what a closure may do is another rule."""
    around = program.parents[program.parents[default]]
    return isinstance(default, ast.Name) and isinstance(around, ast.Lambda)
