"""A hypothesis written into strategy.py as a syntax-tree edit: everything else keeps its bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from alphaloop.minds.search import literals, repricing
from alphaloop.minds.search.quoting import Quoting
from alphaloop.minds.search.reading import Reading


@dataclass(frozen=True, slots=True)
class Insertion:
    """What a hypothesis adds to a strategy, as code in which BOOK stands for on_book's argument.

    parameter, value and span: the new entry of PARAMS and BOUNDS, bound in __init__ to an attribute of its
    name; low_is_mild: whether a low value changes less than a high one; state: more statements of __init__;
    first: statements that open on_book; before: statements between making and quoting prices; buy, sell: what
    a quote's PRICE becomes, "" where it stays; methods: new methods of Strategy by name; coins: the names
    that all this brings, which are new to the file.
    """

    parameter: str
    value: float
    span: tuple[float, float]
    low_is_mild: bool = True
    coins: tuple[str, ...] = ()
    state: str = ""
    first: str = ""
    before: str = ""
    buy: str = ""
    sell: str = ""
    methods: Mapping[str, str] = field(default_factory=dict)


def insert(insertion: Insertion, reading: Reading) -> str | None:
    """The source with the insertion in it, or None where it does not fit."""
    quoting = reading.quoting
    if quoting is None or not _fits(insertion, quoting):
        return None
    module = cst.parse_module(reading.source)
    body = [_in_strategy(statement, insertion, quoting) for statement in module.body]
    module = module.with_changes(body=body)
    for table, value in (("PARAMS", repr(insertion.value)), ("BOUNDS", repr(insertion.span))):
        module = literals.add(module, table, insertion.parameter, value)
    return module.code


def _fits(insertion: Insertion, quoting: Quoting) -> bool:
    coins = {insertion.parameter, *insertion.coins}
    return coins.isdisjoint(quoting.names) and quoting.methods.isdisjoint(insertion.methods)


def _in_strategy(
    statement: cst.BaseStatement | cst.SimpleStatementLine, insertion: Insertion, quoting: Quoting
) -> cst.BaseStatement | cst.SimpleStatementLine:
    if not (isinstance(statement, cst.ClassDef) and statement.name.value == "Strategy"):
        return statement
    members = [_in_method(member, insertion, quoting) for member in statement.body.body]
    for code in insertion.methods.values():
        method = _statements(code, quoting.book)[0]
        members.append(method.with_changes(leading_lines=[cst.EmptyLine(indent=False)]))
    return statement.with_changes(body=statement.body.with_changes(body=members))


def _in_method(member: cst.CSTNode, insertion: Insertion, quoting: Quoting) -> cst.CSTNode:
    if not isinstance(member, cst.FunctionDef) or member.name.value not in ("__init__", "on_book"):
        return member
    block = _block(member.body)
    if member.name.value == "on_book":
        statements = _on_book(list(block.body), insertion, quoting.book)
    else:
        params = member.params.params[1].name.value
        bind = f'self.{insertion.parameter} = {params}["{insertion.parameter}"]\n{insertion.state}'
        statements = [*block.body, *_statements(bind, quoting.book)]
    return member.with_changes(body=block.with_changes(body=statements))


def _block(body: cst.BaseSuite) -> cst.IndentedBlock:
    """A method's statements on lines of their own, also where they stood behind the colon."""
    if isinstance(body, cst.SimpleStatementSuite):
        return cst.IndentedBlock([cst.SimpleStatementLine(body.body)])
    return cst.ensure_type(body, cst.IndentedBlock)


def _on_book(body: list[cst.BaseStatement], insertion: Insertion, book: str) -> list[cst.BaseStatement]:
    place = repricing.place(body)
    start = 1 if _is_docstring(body[0]) and place else 0
    templates = {"buy": insertion.buy, "sell": insertion.sell}
    priced = [repricing.reprice(statement, templates, book) for statement in body]
    return [
        *priced[:start],
        *_statements(insertion.first, book),
        *priced[start:place],
        *_statements(insertion.before, book),
        *priced[place:],
    ]


def _is_docstring(statement: cst.BaseStatement) -> bool:
    return (
        isinstance(statement, cst.SimpleStatementLine)
        and isinstance(statement.body[0], cst.Expr)
        and isinstance(statement.body[0].value, cst.SimpleString | cst.ConcatenatedString)
    )


def _statements(code: str, book: str) -> Sequence[cst.BaseStatement]:
    """Parse statements with the comments above them; one above the very first would go to the module."""
    return cst.parse_module(f"pass\n{code.strip().replace('BOOK', book)}\n").body[1:]
