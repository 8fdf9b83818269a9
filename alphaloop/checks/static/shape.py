"""The contract: one class Strategy with on_book(self, book), and callbacks of the agreed form."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program
from alphaloop.checks.static.vocabulary import CALLBACKS
from alphaloop.facts.finding import Finding


def findings(program: Program) -> Iterator[Finding]:
    """What keeps the platform from calling the strategy."""
    strategy = program.classes.get("Strategy")
    if strategy is None:
        yield program.veto(
            "shape", program.tree, "there is no class Strategy; write one with on_book(self, book)"
        )
        return
    if "on_book" not in _methods(program, strategy, set()):
        yield program.veto("shape", strategy, "class Strategy has no on_book; write def on_book(self, book)")
    for name, method in program.methods["Strategy"].items():
        expected = {**CALLBACKS, "__init__": 1}.get(name)
        if expected is not None and not _takes(method, expected):
            seen = (
                f"{name} does not take self and one more argument; write def {name}(self, {_argument(name)})"
            )
            yield program.veto("shape", method, seen)
        if expected is not None and method.decorator_list:
            yield program.veto("shape", method, f"{name} is decorated; write a plain method")


def _methods(program: Program, node: ast.ClassDef, seen: set[str]) -> set[str]:
    """Methods of a class and of its bases in the file."""
    found = set(program.methods[node.name])
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in program.classes and base.id not in seen:
            found |= _methods(program, program.classes[base.id], seen | {node.name, base.id})
    return found


def _takes(method: ast.FunctionDef, count: int) -> bool:
    """Whether a method can be called with `self` and `count` more positional arguments."""
    arguments = method.args
    places = len(arguments.posonlyargs) + len(arguments.args)
    needed = places - len(arguments.defaults)
    required = sum(default is None for default in arguments.kw_defaults)
    return needed <= count + 1 and (places >= count + 1 or arguments.vararg is not None) and not required


def _argument(name: str) -> str:
    return {"on_book": "book", "on_trade": "trade", "on_fill": "fill", "on_timer": "now"}.get(name, "params")
