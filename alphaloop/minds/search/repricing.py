"""Where in on_book the quotes are made, and how the price of each is changed."""

from collections.abc import Mapping, Sequence
from typing import cast

import libcst as cst
import libcst.matchers as m
from libcst.helpers import parse_template_expression

QUOTE = m.Call(func=m.Name("Quote"))
# What binds at least as tightly as the sums that a template puts a price into.
TIGHT = m.OneOf(
    m.Name(),
    m.Attribute(),
    m.Call(),
    m.Subscript(),
    m.Float(),
    m.Integer(),
    m.UnaryOperation(operator=m.Minus()),
    m.BinaryOperation(operator=m.OneOf(m.Add(), m.Subtract(), m.Multiply(), m.Divide(), m.Power())),
)


def place(body: Sequence[cst.BaseStatement]) -> int:
    """The index in on_book's body behind the last assignment that a quote reads, before the first quote."""
    quoting = next(index for index, statement in enumerate(body) if m.findall(statement, QUOTE))
    read = {
        name.value
        for statement in body
        for quote in m.findall(statement, QUOTE)
        for argument in cst.ensure_type(quote, cst.Call).args
        for name in map(_name, m.findall(argument, m.Name()))
    }
    settled = [index for index in range(quoting) if _assigns(body[index]) & read]
    return settled[-1] + 1 if settled else quoting


def _name(node: cst.CSTNode) -> cst.Name:
    return cst.ensure_type(node, cst.Name)


def _assigns(statement: cst.BaseStatement) -> set[str]:
    return {
        _name(name).value
        for assign in m.findall(statement, m.AssignTarget() | m.AugAssign() | m.AnnAssign())
        if isinstance(assign, cst.AssignTarget | cst.AugAssign | cst.AnnAssign)
        for name in m.findall(assign.target, m.Name())
    }


def reprice(statement: cst.BaseStatement, templates: Mapping[str, str], book: str) -> cst.BaseStatement:
    """The statement with every quote's price put into the template of its side."""
    return cast(cst.BaseStatement, statement.visit(_Reprice(templates, book)))


class _Reprice(cst.CSTTransformer):
    """Changes the price of each Quote call; side and price are known to stand in the call."""

    def __init__(self, templates: Mapping[str, str], book: str) -> None:
        super().__init__()
        self._templates, self._book = templates, book

    def leave_Call(  # noqa: N802 - the visitor's own name
        self, original_node: cst.Call, updated_node: cst.Call
    ) -> cst.BaseExpression:
        if not m.matches(original_node, QUOTE):
            return updated_node
        side = _argument(updated_node, 0, "side").value
        template = self._templates[str(cst.ensure_type(side, cst.SimpleString).evaluated_value)]
        if not template:
            return updated_node
        price = _argument(updated_node, 1, "price")
        changed = price.with_changes(value=_put(price.value, template.replace("BOOK", self._book)))
        return updated_node.with_deep_changes(price, value=changed.value)


def _argument(quote: cst.Call, index: int, name: str) -> cst.Arg:
    named = [argument for argument in quote.args if argument.keyword and argument.keyword.value == name]
    return named[0] if named else quote.args[index]


def _put(price: cst.BaseExpression, template: str) -> cst.BaseExpression:
    if not (price.lpar or m.matches(price, TIGHT)):
        price = price.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return parse_template_expression(template.replace("PRICE", "{price}"), price=price)
