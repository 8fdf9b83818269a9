"""The shape of a strategy's quoting and what its prices depend on, read from the syntax tree alone."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quoting:
    """The shape in which edits know how to work.

    book: the name of on_book's argument; names: every name and attribute in the file; methods: of Strategy;
    watched: fields of the book that Strategy looks at anywhere; priced_by: those on which a price may depend.
    """

    book: str
    names: frozenset[str]
    methods: frozenset[str]
    watched: frozenset[str]
    priced_by: frozenset[str]


def quoting(tree: ast.Module) -> Quoting | None:
    """How Strategy makes its quotes, or None when they do not all stand in on_book as plain Quote calls."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Strategy"]
    if len(classes) != 1:
        return None
    (strategy,) = classes
    methods = {node.name: node for node in strategy.body if isinstance(node, ast.FunctionDef)}
    on_book, init = methods.get("on_book"), methods.get("__init__")
    if on_book is None or init is None or not (_takes_one(on_book) and _takes_one(init)):
        return None
    quotes = list(_quotes(on_book))
    if not quotes or len(quotes) != len(list(_quotes(tree))) or not all(map(_is_plain, quotes)):
        return None
    book = on_book.args.args[1].arg
    return Quoting(
        book=book,
        names=frozenset(_names(tree)),
        methods=frozenset(methods),
        watched=frozenset(_fields(strategy, book)),
        priced_by=_priced_by(strategy, book, quotes),
    )


def _takes_one(method: ast.FunctionDef) -> bool:
    """Whether a method takes self and one more argument, and nothing else."""
    arguments = method.args
    others = [*arguments.posonlyargs, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return len(arguments.args) == 2 and arguments.args[0].arg == "self" and not any(others)


def _quotes(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Quote":
            yield node


def _is_plain(quote: ast.Call) -> bool:
    """Whether side and price stand in the call, and the side is a literal."""
    side, price = _argument(quote, 0, "side"), _argument(quote, 1, "price")
    return isinstance(side, ast.Constant) and side.value in ("buy", "sell") and price is not None


def _argument(quote: ast.Call, place: int, name: str) -> ast.expr | None:
    if any(isinstance(argument, ast.Starred) for argument in quote.args):
        return None
    if place < len(quote.args):
        return quote.args[place]
    return next((keyword.value for keyword in quote.keywords if keyword.arg == name), None)


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case _:
                pass


def _fields(tree: ast.AST, book: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == book:
            yield node.attr


def _priced_by(strategy: ast.ClassDef, book: str, quotes: list[ast.Call]) -> frozenset[str]:
    """Every field of the book on which some price may depend, over all the class's assignments.

    Errs towards more: a book that is handed on whole counts as all fields that the class looks at anywhere.
    """
    feeds: dict[str, set[str]] = {}
    for target, value in _assignments(strategy):
        for name in _sources(target):
            feeds.setdefault(name, set()).update(_sources(value))
    prices = [price for quote in quotes if (price := _argument(quote, 1, "price")) is not None]
    reached, ahead = set[str](), {name for price in prices for name in _sources(price)}
    while ahead:
        reached |= ahead
        ahead = {source for name in ahead for source in feeds.get(name, ())} - reached
    if book in reached:
        return frozenset(node.attr for node in ast.walk(strategy) if isinstance(node, ast.Attribute))
    prefix = f"{book}."
    return frozenset(name.removeprefix(prefix) for name in reached if name.startswith(prefix))


def _assignments(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from ((target, value) for target in targets)
            case ast.AugAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
                yield target, value
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield target, value
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                yield target, value
            case _:
                pass


def _sources(expression: ast.expr) -> set[str]:
    """The names in an expression: locals, `self.x`, fields as `book.x`, and `book` where it stands alone."""
    owned = {
        id(node.value): f"{node.value.id}.{node.attr}"
        for node in ast.walk(expression)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    plain = {node.id for node in ast.walk(expression) if isinstance(node, ast.Name) and id(node) not in owned}
    return plain | set(owned.values())
