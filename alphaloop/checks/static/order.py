"""The order of a set depends on the hash seed of the process, so nothing may depend on it."""

import ast
from collections.abc import Iterator

from alphaloop.checks.static.constants import is_named_tuple
from alphaloop.checks.static.given import of_attribute, values
from alphaloop.checks.static.program import Program, once
from alphaloop.facts.finding import Finding, Severity

_ORDERED = {"list", "tuple", "enumerate", "next", "zip", "map", "filter", "reversed", "str"}
# These depend on the order only where a key leaves a tie, or where they stop early.
_TIED = {"sorted", "min", "max"}
_READERS = {
    *("collections.Counter", "collections.deque", "functools.reduce", "heapq.nlargest", "heapq.nsmallest"),
    *("itertools.accumulate", "itertools.chain", "itertools.islice", "itertools.pairwise"),
    *("itertools.takewhile", "itertools.dropwhile", "itertools.zip_longest", "statistics.mode"),
    *("statistics.multimode", "itertools.chain.from_iterable"),
}
_TEXT_METHODS = {"upper", "lower", "strip", "join", "replace", "removeprefix", "removesuffix"}
_DEEPEST = 3
_COMBINING = ("union", "intersection", "difference", "symmetric_difference", "copy")


def findings(program: Program) -> Iterator[Finding]:
    """Sets of text read in their own order; other sets are left to the run with another hash seed."""
    texts = frozenset(_text_sets(program))
    for node in program.nodes:
        for read in _read(program, node):
            kind = _set(program, read, texts)
            if kind is not None:
                severity = Severity.VETO if kind == "text" else Severity.NOTE
                seen = "a set is read in the order of its hashes; write sorted(...) around it"
                yield program.finding(severity, "order", read, seen)


def _read(program: Program, node: ast.AST) -> list[ast.expr]:
    """What a node reads one by one, or as a whole in its own order."""
    match node:
        case ast.For(iter=value) | ast.comprehension(iter=value) | ast.FormattedValue(value=value):
            return [value]
        case ast.Starred(value=value) | ast.Assign(targets=[ast.Tuple() | ast.List()], value=value):
            return [value]
        case ast.Call(func=ast.Attribute(value=value, attr="pop"), args=[]):
            return [value]
        case ast.Call(func=ast.Attribute(attr="join" | "extend" | "fromkeys"), args=arguments):
            return arguments
        case ast.Call(func=function, args=arguments) if any(
            program.is_builtin(function, n) for n in _ORDERED
        ):
            return arguments
        case ast.Call(func=function, args=arguments) if program.origin(function) in _READERS:
            return arguments
        case ast.Call(func=function, args=arguments, keywords=[_, *_]) if any(
            program.is_builtin(function, n) for n in _TIED
        ):
            return arguments
        case _:
            return []


@once
def _set(program: Program, node: ast.AST, texts: frozenset[str], depth: int = 0) -> str | None:
    """Whether an expression is a set: "text" when its order differs from run to run, "other" else."""
    if depth > _DEEPEST:
        return None
    if isinstance(node, (ast.Name, ast.Attribute)):
        kinds = _sets(program, node, texts, depth + 1)
        return "text" if kinds and ast.unparse(node) in texts else _worst(kinds)
    if isinstance(node, ast.Subscript):
        # A table of sets, to one of which text is added.
        return "text" if any(text.startswith(f"{ast.unparse(node.value)}[") for text in texts) else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in program.functions:
        answers = [part for part in ast.walk(program.functions[node.func.id]) if isinstance(part, ast.Return)]
        return _worst({_set(program, part.value, texts, depth + 1) for part in answers if part.value})
    if isinstance(node, ast.Call) and any(
        program.is_builtin(node.func, name) for name in ("set", "frozenset")
    ):
        return _worst({_kind(_holds_text(program, node.args[0], depth + 1))}) if node.args else "other"
    if isinstance(node, (ast.Set, ast.SetComp)):
        return _kind(_holds_text(program, node, depth + 1))
    return _worst({_set(program, part, texts, depth + 1) for part in _combined(node)})


def _sets(program: Program, node: ast.AST, texts: frozenset[str], depth: int) -> set[str | None]:
    """What sets a name or an attribute is given."""
    if isinstance(node, ast.Attribute):
        return _sets_of(program, node.attr, texts, depth)
    return {_set(program, value, texts, depth) for value in _known(program, node)} - {None}


@once
def _sets_of(program: Program, name: str, texts: frozenset[str], depth: int) -> set[str | None]:
    known = [value for value in of_attribute(program, name) if value is not None]
    return {_set(program, value, texts, depth) for value in known} - {None}


def _worst(kinds: set[str | None]) -> str | None:
    return "text" if "text" in kinds else "other" if "other" in kinds else None


def _kind(is_text: bool) -> str:
    return "text" if is_text else "other"


def _combined(node: ast.AST) -> list[ast.expr]:
    """The sets that an operator or a method makes one set of; the views of a dictionary are sets there."""
    match node:
        case ast.BinOp(left=left, op=ast.BitOr() | ast.BitAnd() | ast.Sub() | ast.BitXor(), right=right):
            # The views of a dictionary are sets too, and mostly of text.
            views = any(_is_view(side) for side in (left, right))
            return [ast.Set(elts=[ast.Constant(None)])] if views else [left, right]
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=arguments) if name in _COMBINING:
            return [value, *arguments]
        case ast.IfExp(body=body, orelse=other):
            return [body, other]
        case ast.BoolOp(values=parts):
            return parts
        case _:
            return []


def _is_view(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("keys", "items")
    )


def _known(program: Program, node: ast.AST) -> list[ast.expr]:
    return [value for value in values(program, node) if value is not None]


def _text_sets(program: Program) -> set[str]:
    """The names of sets to which text is added somewhere."""
    found = set()
    for node in program.nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr="add"), args=[only]):
                if _is_text(program, only):
                    found.add(ast.unparse(value))
            case (
                ast.Call(func=ast.Attribute(value=value, attr="update"), args=[only])
                | ast.AugAssign(target=value, op=ast.BitOr(), value=only)
            ):
                if _holds_text(program, only):
                    found.add(ast.unparse(value))
            case _:
                pass
    return found


@once
def _holds_text(program: Program, node: ast.AST, depth: int = 0) -> bool:
    """Whether what a collection holds hashes differently from run to run."""
    match node:
        case ast.Set(elts=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
            return any(_is_text(program, part, depth) for part in parts)
        case ast.SetComp() | ast.ListComp() | ast.GeneratorExp():
            through = any(_holds_text(program, source.iter, depth) for source in node.generators)
            return _is_text(program, node.elt, depth) or (isinstance(node.elt, ast.Name) and through)
        case ast.Dict(keys=keys):
            return any(key is not None and _is_text(program, key, depth) for key in keys)
        case ast.Subscript(value=ast.Name() as table) if program.is_module_name(table):
            held = [value for value in _known(program, table) if isinstance(value, ast.Dict)]
            return any(_holds_text(program, part, depth) for value in held for part in value.values)
        case ast.Attribute(attr=name) if depth < _DEEPEST:
            return _holds_text_in(program, name, depth + 1)
        case ast.Name() if depth < _DEEPEST:
            return any(_holds_text(program, value, depth + 1) for value in _known(program, node))
        case _:
            return _is_text(program, node, depth)


@once
def _holds_text_in(program: Program, name: str, depth: int) -> bool:
    """Whether something that an attribute is given holds text."""
    known = of_attribute(program, name)
    return any(value is not None and _holds_text(program, value, depth) for value in known)


@once
def _is_text(program: Program, node: ast.AST, depth: int = 0) -> bool:
    """Whether a value's hash differs from run to run: text, None, members of an enum, objects, functions."""
    match node:
        case ast.JoinedStr() | ast.Constant(value=str() | None):
            return True
        case ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
            return any(_is_text(program, part, depth) for part in parts)
        case ast.IfExp(body=body, orelse=other):
            return _is_text(program, body, depth) or _is_text(program, other, depth)
        case ast.Starred(value=value):
            return _holds_text(program, value, depth)
        case ast.Attribute(value=value, attr=name):
            methods = name in program.owners
            return name == "side" or _is_enum(program, value) or (methods and program.is_self(value))
        case ast.Call():
            return _makes_text(program, node, depth)
        case ast.Name(id=name):
            return program.is_module_name(node) and name in program.functions
        case _:
            return False


def _makes_text(program: Program, call: ast.Call, depth: int) -> bool:
    """Whether a call makes a text, a record that holds one, or an object that hashes by its address."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in _TEXT_METHODS:
        return True
    if program.is_builtin(call.func, "str") or _makes_plain_object(program, call.func):
        return True
    record = is_named_tuple(program, call.func) or getattr(call.func, "id", "") in program.classes
    return record and any(_is_text(program, given, depth) for given in call.args)


def _is_enum(program: Program, node: ast.AST) -> bool:
    """Whether a name is an enumeration of the file whose members hash by their name; IntEnum's do not."""
    owner = program.classes.get(node.id) if isinstance(node, ast.Name) else None
    return owner is not None and any(
        program.origin(base) in ("enum.Enum", "enum.StrEnum") for base in owner.bases
    )


def _makes_plain_object(program: Program, function: ast.expr) -> bool:
    """Whether a call makes an instance of a class of the file that hashes by its address."""
    owner = program.classes.get(function.id) if isinstance(function, ast.Name) else None
    return owner is not None and not owner.decorator_list and not owner.bases
