"""While loops that people write again and again, and whose end can be read off from their whole form."""

import ast

from alphaloop.checks.static.folding import number
from alphaloop.checks.static.given import values
from alphaloop.checks.static.program import Program
from alphaloop.checks.static.taking import TAKING, grows, measured, takes, takes_from

MAX_ROUNDS = 10_000


def known_to_end(program: Program, loop: ast.While, clauses: list[ast.expr]) -> bool:
    """Whether a loop is a search by halves, a filling, a matching of lots, or a merge."""
    return (
        _halves(loop)
        or _fills(program, loop)
        or _matches(loop, clauses)
        or _settles(loop, clauses)
        or _merges(loop, clauses)
    )


def _halves(loop: ast.While) -> bool:
    """`while lo < hi:` that sets lo = middle + 1 or hi = middle, whole numbers, in every round."""
    match loop:
        case ast.While(
            test=ast.Compare(left=ast.Name(id=low), ops=[ast.Lt()], comparators=[ast.Name(id=high)]),
            body=[
                ast.Assign(targets=[ast.Name(id=middle)], value=value),
                ast.If(body=[ast.Assign() as one], orelse=[ast.Assign() as other]),
            ],
        ):
            halves = {f"({low} + {high}) // 2", f"({high} + {low}) // 2", f"{low} + ({high} - {low}) // 2"}
            moves = {f"{low} = {middle} + 1", f"{high} = {middle}"}
            return ast.unparse(value) in halves and {ast.unparse(one), ast.unparse(other)} == moves
        case _:
            return False


def _settles(loop: ast.While, clauses: list[ast.expr]) -> bool:
    """`while left > 0 and lots:` where one branch sets left to 0 and the other drops a lot."""
    if len(clauses) < 2 or not loop.body or not isinstance(loop.body[-1], ast.If):
        return False
    lots = {name for clause in clauses for name in measured(clause)}
    one, other = loop.body[-1].body, loop.body[-1].orelse
    compared = {ast.unparse(clause.left) for clause in clauses if isinstance(clause, ast.Compare)}
    zeroed = {f"{name} = {zero}" for name in compared for zero in ("0", "0.0")}
    grown = {name for name in lots for item in loop.body for part in ast.walk(item) if grows(part, name)}
    return any(
        any(ast.unparse(item) in zeroed for item in ends)
        and any(takes_from(item, name) for item in takes for name in lots - grown)
        for ends, takes in ((one, other), (other, one))
    )


def _fills(program: Program, loop: ast.While) -> bool:
    """`while len(xs) < 5:` with xs.append(…) in every round, xs a list of this function."""
    match loop.test:
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="len"), args=[ast.Name() as filled]),
            ops=[ast.Lt() | ast.LtE()],
            comparators=[most],
        ):
            lists = all(isinstance(value, (ast.List, ast.ListComp)) for value in values(program, filled))
            edge = number(program, most)
            inner = [part for item in loop.body for part in ast.walk(item)]
            return (
                lists
                and edge is not None
                and edge <= MAX_ROUNDS
                and any(_appends(item, filled.id) for item in loop.body)
                and not any(takes(part, filled.id) or isinstance(part, ast.Delete) for part in inner)
                and not any(isinstance(part, ast.Attribute) and part.attr in TAKING for part in inner)
            )
        case _:
            return False


def _appends(item: ast.stmt, name: str) -> bool:
    match item:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=filled), attr="append"))):
            return filled == name
        case _:
            return False


def _matches(loop: ast.While, clauses: list[ast.expr]) -> bool:
    """First in, first out: `while left > 0 and lots:` takes min(left, …) of left, and drops a used-up lot."""
    if len(clauses) < 2:
        return False
    lots = {name for clause in clauses for name in measured(clause)}
    taken = {
        ast.unparse(item.targets[0]): [ast.unparse(part) for part in item.value.args]
        for item in loop.body
        if isinstance(item, ast.Assign)
        and isinstance(item.value, ast.Call)
        and isinstance(item.value.func, ast.Name)
        and item.value.func.id == "min"
    }
    reduced = {
        ast.unparse(item.target)
        for item in loop.body
        if isinstance(item, ast.AugAssign)
        and isinstance(item.op, ast.Sub)
        and ast.unparse(item.target) in taken.get(ast.unparse(item.value), [])
    }
    compared = {ast.unparse(clause.left) for clause in clauses if isinstance(clause, ast.Compare)}
    branches = [part for item in loop.body if isinstance(item, ast.If) for part in item.body]
    dropped = {name for name in lots for item in branches if takes_from(item, name)}
    grown = any(grows(part, name) for name in dropped for item in loop.body for part in ast.walk(item))
    return bool(reduced & compared) and bool(dropped) and not grown


def _merges(loop: ast.While, clauses: list[ast.expr]) -> bool:
    """`while i < len(a) and j < len(b):` where every way through a round counts one of them up by one."""
    counters: set[str] = set()
    for clause in clauses:
        match clause:
            case ast.Compare(
                left=ast.Name(id=name),
                ops=[ast.Lt()],
                comparators=[ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=rows)])],
            ) if not any(grows(part, rows) for item in loop.body for part in ast.walk(item)):
                counters.add(name)
            case _:
                return False
    steps = {f"{name} += 1" for name in counters}
    inner = [part for item in loop.body for part in ast.walk(item)]
    written = [part for part in inner if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)]
    moved = sum(part.id in counters for part in written)
    stepped = sum(isinstance(part, ast.AugAssign) and ast.unparse(part) in steps for part in inner)
    return moved == stepped and _advances(loop.body, steps)


def _advances(block: list[ast.stmt], steps: set[str]) -> bool:
    if any(isinstance(item, ast.AugAssign) and ast.unparse(item) in steps for item in block):
        return True
    return any(
        isinstance(item, ast.If) and _advances(item.body, steps) and _advances(item.orelse, steps)
        for item in block
    )
