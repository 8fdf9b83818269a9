"""MAX_POSITION stands once, in class Strategy, as the literal of risk.py."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program
from alphaloop.facts.finding import Finding

_NAME = "MAX_POSITION"


def findings(program: Program) -> Iterator[Finding]:
    """A limit that is missing, moved, doubled, computed or different."""
    strategy = program.classes.get("Strategy")
    limit = program.subject.limits.max_position
    write = f"write {_NAME} = {limit} once, in class Strategy (a human changes it in both files at once)"
    places = list(_bindings(program))
    own = [item for item in strategy.body if _binds(item)] if strategy is not None else []
    if strategy is not None and len(own) != 1:
        yield program.veto("limits", strategy, f"class Strategy binds {_NAME} {len(own)} times; {write}")
    for item in own:
        value = item.value if isinstance(item, (ast.Assign, ast.AnnAssign)) else None
        number = value.value if isinstance(value, ast.Constant) else None
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            yield program.veto("limits", item, f"{_NAME} is no literal number; {write}")
        elif number != limit:
            yield program.veto("limits", item, f"{_NAME} = {number} while risk.py says {limit}; {write}")
    for node in places:
        if program.parents.get(node) not in own:
            yield program.veto("limits", node, f"{_NAME} is bound a second time; {write}")


def _binds(item: ast.stmt) -> bool:
    targets = (
        item.targets
        if isinstance(item, ast.Assign)
        else [item.target]
        if isinstance(item, ast.AnnAssign)
        else []
    )
    return any(isinstance(target, ast.Name) and target.id == _NAME for target in targets)


def _bindings(program: Program) -> Iterator[ast.AST]:
    for node in program.nodes:
        match node:
            case (
                ast.Name(id=name, ctx=ast.Store() | ast.Del())
                | ast.Attribute(attr=name, ctx=ast.Store() | ast.Del())
            ):
                pass
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                pass
            case ast.alias(name=plain, asname=other):
                name = other or plain
            case ast.keyword(arg=str(name)):
                pass
            case _:
                continue
        if name == _NAME:
            yield node
