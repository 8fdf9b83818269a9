"""What the module holds is read: nothing changes it, neither by its own name nor by another."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.program import Program
from alphaloop.checks.static.vocabulary import METHODS, MUTATING
from alphaloop.facts.finding import Finding

Place = tuple[ast.AST, str]
_DEEPEST = 4
# A pass follows every assignment that stands after its source; honest files need two or three.
_PASSES = 20
_RETURNED = "return"
_COPIES = {"list", "tuple", "dict", "set", "sorted", "reversed", "enumerate", "zip", "filter"}
_COPIED = {
    *("collections.deque", "heapq.nlargest", "heapq.nsmallest", "itertools.chain", "itertools.islice"),
    "itertools.pairwise",
}
# What numpy answers with may be the same memory.
_VIEWS = {
    *("numpy.asarray", "numpy.atleast_1d", "numpy.atleast_2d", "numpy.diag", "numpy.flip", "numpy.flipud"),
    *("numpy.ravel", "numpy.reshape", "numpy.squeeze", "numpy.swapaxes", "numpy.transpose"),
}
_VIEWING = ("values", "items", "ravel", "reshape", "squeeze", "swapaxes", "transpose", "diagonal")
# numpy functions and methods whose last positional argument is where the answer goes.
_INTO = {
    "add": 3,
    "subtract": 3,
    "multiply": 3,
    "divide": 3,
    "maximum": 3,
    "minimum": 3,
    "clip": 4,
    "cumsum": 4,
}


def findings(program: Program) -> Iterator[Finding]:
    """Changes to tables of the module, to params, and to whatever may be one of them."""
    shared = _shared(program, dict(_params(program)))
    for node in program.nodes:
        target = _changed(program, node)
        if target is not None and _depth(program, target, shared):
            seen = f"{ast.unparse(target)} belongs to the module and is changed; copy it, as in dict(...)"
            yield program.veto("tables", node, seen)
    tables = _shared(program, {})
    for node in program.nodes:
        for value in _released(program, node):
            if _depth(program, value, tables) or _gives(program, value, tables):
                seen = (
                    f"{ast.unparse(value)} belongs to the module and is handed on; copy it, as in dict(...)"
                )
                yield program.veto("tables", node, seen)


def _gives(program: Program, value: ast.expr, tables: dict[Place, int]) -> bool:
    """Whether a value is a function of the file that answers with a table of the module."""
    function = program.functions.get(value.id) if isinstance(value, ast.Name) else None
    return function is not None and (function, _RETURNED) in tables


def _released(program: Program, node: ast.AST) -> list[ast.expr]:
    """Where a value goes out of sight: what happens to it then cannot be followed."""
    match node:
        case ast.Lambda(body=value):
            return [value]
        case ast.arguments(defaults=defaults, kw_defaults=others):
            return [value for value in (*defaults, *others) if value is not None]
        case ast.Call(func=function, args=arguments, keywords=keywords):
            if _only_reads(program, function) or any(_callees(program, function)):
                return [keyword.value for keyword in keywords if any(_callees(program, function))]
            return [*arguments, *(keyword.value for keyword in keywords)]
        case _:
            return []


def _only_reads(program: Program, function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute) and not program.origin(function):
        return function.attr in METHODS or function.attr == "fromkeys"
    origin = program.origin(function)
    if origin.startswith(
        ("numpy.", "math.", "bisect.", "itertools.", "statistics.", "heapq.n", "collections.")
    ):
        return True
    return isinstance(function, ast.Name) and program.binder(function) is None and function.id != "map"


def _changed(program: Program, node: ast.AST) -> ast.expr | None:
    match node:
        case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
            return value
        case ast.Call(args=[*_, last]) if _written_into(program, node):
            return last
        case ast.Call(func=ast.Attribute(value=value, attr=method)) if method in MUTATING:
            return value if not program.origin(node.func) else None
        case ast.Attribute(value=value, attr=method, ctx=ast.Load()) if method in MUTATING:
            return value if not program.origin(node) else None
        case ast.Call(args=[first, *_]) if program.origin(node.func).startswith(
            ("heapq.heap", "bisect.insort")
        ):
            return first
        case ast.AugAssign(target=target):
            # On a number this binds anew; what may be a table of the module is changed in place.
            return target
        case ast.keyword(arg="out", value=value):
            return value
        case _:
            return None


def _written_into(program: Program, call: ast.Call) -> bool:
    """Whether a numpy function is given, by position, the array that it writes its answer into."""
    module, _, name = program.origin(call.func).rpartition(".")
    return module == "numpy" and len(call.args) == _INTO.get(name)


def _shared(program: Program, found: dict[Place, int]) -> dict[Place, int]:
    """Names and attributes that may stand for a value of the module, with how deep it can be changed.

    1 is a table of plain values, 2 a table of such tables.  Found by following assignments to their end.
    """
    for _ in range(_PASSES):
        before = dict(found)
        for node in program.nodes:
            for target, value, less in _flows(program, node):
                held = _depth(program, value, found)
                depth = min(held, _DEEPEST) - less
                if held and depth > 0:
                    for place in _places(program, target):
                        found[place] = max(depth, found.get(place, 0))
        if before == found:
            return found
    raise RecursionError("the file's assignments are chained too deeply to be followed")


def _flows(program: Program, node: ast.AST) -> Iterator[tuple[ast.AST, ast.expr, int]]:
    """What may take over which value, and how many levels of it are left behind on the way."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from (flow for target in targets for flow in _unpacked(target, value))
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.NamedExpr(target=target, value=value)
        ):
            yield target, value, 0
        case ast.Return(value=ast.expr() as value):
            yield node, value, 0
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            yield target, value, 1
        case ast.Match(subject=value, cases=cases):
            yield from ((name, value, less) for case in cases for name, less in _captures(case.pattern))
        case ast.Call(func=function, args=arguments):
            called = _callees(program, function)
            yield from (flow for callee, n in called for flow in _passed(callee.args, n, arguments))
        case _:
            return


def _captures(pattern: ast.pattern) -> Iterator[tuple[ast.AST, int]]:
    """The names that a pattern gives to the subject, or to what lies one level down in it."""
    for part in ast.walk(pattern):
        if isinstance(part, (ast.MatchAs, ast.MatchStar)) and part.name:
            yield part, int(part is not pattern)


def _passed(
    taken: ast.arguments, skipped: int, given: list[ast.expr]
) -> Iterator[tuple[ast.AST, ast.expr, int]]:
    """Which argument goes into which parameter by its place; what is left over lies one level deeper."""
    parameters = [*taken.posonlyargs, *taken.args][skipped:]
    yield from ((target, value, 0) for target, value in zip(parameters, given, strict=False))
    if taken.vararg is not None:
        yield from ((taken.vararg, value, -1) for value in given[len(parameters) :])


def _callees(program: Program, function: ast.expr) -> Iterator[tuple[ast.FunctionDef, int]]:
    """The file's functions that a call may reach, and how many parameters the call does not name."""
    if isinstance(function, ast.Name) and function.id in program.functions:
        yield program.functions[function.id], 0
    elif isinstance(function, ast.Name) and "__init__" in program.methods.get(function.id, {}):
        yield program.methods[function.id]["__init__"], 1
    elif isinstance(function, ast.Attribute):
        for owner in program.owners.get(function.attr, ()):
            yield program.methods[owner][function.attr], 1


def _unpacked(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.AST, ast.expr, int]]:
    if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
        yield from ((one, other, 0) for one, other in zip(target.elts, value.elts, strict=False))
    else:
        yield target, value, int(isinstance(target, (ast.Tuple, ast.List)))


def _places(program: Program, target: ast.AST) -> Iterator[Place]:
    if isinstance(target, ast.Return):
        yield (program.function_of(target) or program.tree), _RETURNED
        return
    for part in ast.walk(target):
        if isinstance(part, ast.Attribute) and program.is_self(part.value):
            owner = program.class_of(part)
            yield (owner or program.tree), f"self.{part.attr}"
        elif isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            scope = program.binder(part)
            yield (scope.node if scope is not None else program.tree), part.id
        elif isinstance(part, ast.arg):
            yield program.parents[program.parents[part]], part.arg
        elif isinstance(part, (ast.MatchAs, ast.MatchStar)) and part.name:
            yield (program.function_of(part) or program.tree), part.name


def _depth(program: Program, value: ast.AST, shared: dict[Place, int]) -> int:
    """How deep a value can be changed to the harm of the module, 0 for one of the instance's own."""
    match value:
        case ast.Attribute():
            return _attribute_depth(program, value, shared)
        case ast.Name():
            return _name_depth(program, value, shared)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Dict(values=parts):
            deepest = max((_depth(program, part, shared) for part in parts), default=0)
            return deepest + 1 if deepest else 0
        case (
            ast.ListComp(elt=part)
            | ast.SetComp(elt=part)
            | ast.GeneratorExp(elt=part)
            | ast.DictComp(value=part)
        ):
            deepest = _depth(program, part, shared)
            return deepest + 1 if deepest else 0
        case ast.Call(args=[first, *_]) if program.origin(value.func) in _VIEWS:
            return _depth(program, first, shared)
        case _ if (copied := _copied(program, value)) is not None:
            # The copy is one's own, what lies in it is not.
            deepest = max((_depth(program, part, shared) for part in copied), default=0)
            return deepest if deepest > 1 else 0
        case ast.Call(func=function) if any(_callees(program, function)):
            return max(shared.get((callee, _RETURNED), 0) for callee, _ in _callees(program, function))
        case _:
            return max([0, *(_depth(program, part, shared) - less for part, less in _inner(value))])


def _copied(program: Program, value: ast.AST) -> list[ast.expr] | None:
    """What a value is a copy of, one level deep; None when it is none."""
    match value:
        case ast.Call(func=ast.Name(id=name), args=parts) if name in _COPIES:
            return parts
        case ast.Call(func=function, args=parts) if program.origin(function) in _COPIED:
            return parts
        case ast.Call(func=ast.Attribute(value=inner, attr="copy"), args=[]):
            return [inner]
        case ast.Subscript(value=ast.Name() as inner, slice=ast.Slice()):
            return [inner]
        case ast.BinOp(left=left, op=ast.Add() | ast.BitOr() | ast.Mult(), right=right):
            return [left, right]
        case _:
            return None


def _inner(value: ast.AST) -> list[tuple[ast.expr, int]]:
    """What a value may be a view of or a part of, and how many levels down."""
    match value:
        case ast.Subscript(value=inner):
            return [(inner, 1)]
        case ast.Starred(value=inner) | ast.NamedExpr(value=inner):
            return [(inner, 0)]
        case ast.IfExp(body=body, orelse=other):
            return [(body, 0), (other, 0)]
        case ast.BoolOp(values=parts):
            return [(part, 0) for part in parts]
        case ast.Call(func=ast.Attribute(value=inner, attr=method)) if method in _VIEWING:
            return [(inner, 0)]
        case ast.Call(func=ast.Attribute(value=inner, attr="get")):
            return [(inner, 1)]
        case ast.Call(func=ast.Name(id="max" | "min" | "next"), args=parts):
            return [(part, 1) for part in parts]
        case _:
            return []


def _attribute_depth(program: Program, value: ast.Attribute, shared: dict[Place, int]) -> int:
    if value.attr == "T":
        return _depth(program, value.value, shared)
    owner: ast.AST | None = program.class_of(value) if program.is_self(value.value) else None
    if isinstance(value.value, ast.Name) and value.value.id in program.classes:
        owner = program.classes[value.value.id]
    if owner is None:
        return 0
    return max(shared.get((owner, f"self.{value.attr}"), 0), shared.get((owner, value.attr), 0))


def _name_depth(program: Program, value: ast.Name, shared: dict[Place, int]) -> int:
    scope = program.binder(value)
    if scope is None:
        return 0
    if scope is program.module:
        assignment = program.parents[scope.bound[value.id][0]]
        table = assignment.value if isinstance(assignment, (ast.Assign, ast.AnnAssign)) else None
        return max(_literal_depth(program, table), shared.get((scope.node, value.id), 0))
    return shared.get((scope.node, value.id), 0)


def _literal_depth(program: Program, node: ast.AST | None) -> int:
    """1 for a table that can change, 2 for a table of those; a tuple counts only for what it holds."""
    if isinstance(node, ast.Call) and program.origin(node.func).startswith("numpy."):
        return 1
    if isinstance(node, ast.BinOp):
        return max(_literal_depth(program, node.left), _literal_depth(program, node.right))
    if not isinstance(node, (ast.List, ast.Dict, ast.Set, ast.Tuple)):
        return 0
    parts = node.values if isinstance(node, ast.Dict) else node.elts
    inner = max((_literal_depth(program, part) for part in parts), default=0)
    return inner + 1 if inner or not isinstance(node, ast.Tuple) else 0


def _params(program: Program) -> Iterator[tuple[Place, int]]:
    """What __init__ of the strategy is given: the dictionary PARAMS of the file."""
    made = program.methods.get("Strategy", {}).get("__init__")
    for argument in made.args.args[1:2] if made is not None else ():
        yield (program.methods["Strategy"]["__init__"], argument.arg), 1
