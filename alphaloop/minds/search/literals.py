"""Entries of PARAMS and BOUNDS, added or changed in the file's own layout."""

from collections.abc import Mapping

import libcst as cst
import libcst.matchers as m


def add(module: cst.Module, table: str, key: str, value: str) -> cst.Module:
    """The module with `key: value` at the end of the table, laid out as the entries before it."""
    entries = _entries(module, table)
    *others, last = entries.elements
    new = cst.DictElement(cst.SimpleString(_quoted(key, last)), cst.parse_expression(value))
    space, end = _space_between(entries), entries.rbrace.whitespace_before
    if isinstance(end, cst.ParenthesizedWhitespace) and isinstance(space, cst.ParenthesizedWhitespace):
        # A comment on the last entry's line stays with that entry.
        space = space.with_changes(first_line=end.first_line, empty_lines=[])
        end = end.with_changes(first_line=cst.TrailingWhitespace())
    return _with(
        module,
        entries,
        elements=[
            *others,
            last.with_changes(comma=cst.Comma(whitespace_after=space)),
            new.with_changes(comma=last.comma),
        ],
        rbrace=entries.rbrace.with_changes(whitespace_before=end),
    )


def _quoted(key: str, like: cst.BaseDictElement) -> str:
    """The key in the quotation marks of another one."""
    mark = '"'
    if isinstance(like, cst.DictElement) and isinstance(like.key, cst.SimpleString):
        mark = like.key.quote
    return f"{mark}{key}{mark}"


def changed(source: str, table: str, values: Mapping[str, str]) -> str:
    """The source with the values of these keys of the table replaced."""
    module = cst.parse_module(source)
    entries = _entries(module, table)
    elements = [
        element.with_changes(value=cst.parse_expression(values[key]))
        if (key := _key(element)) in values
        else element
        for element in entries.elements
    ]
    return _with(module, entries, elements=elements).code


def _key(element: cst.BaseDictElement) -> str:
    if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
        return str(element.key.evaluated_value)
    return ""


def _entries(module: cst.Module, table: str) -> cst.Dict:
    """The dictionary display that the module binds to `table`; the reading has found exactly one."""
    plain = m.Assign(targets=[m.AssignTarget(m.Name(table))])
    for line in module.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            bound = m.matches(statement, plain | m.AnnAssign(target=m.Name(table)))
            if bound and isinstance(statement, cst.Assign | cst.AnnAssign):
                return cst.ensure_type(statement.value, cst.Dict)
    raise LookupError(table)


def _space_between(entries: cst.Dict) -> cst.BaseParenthesizableWhitespace:
    """What stands between entries: as after the first comma, else on a new line where the brace opens one."""
    first = entries.elements[0].comma
    if len(entries.elements) > 1 and isinstance(first, cst.Comma):
        space = first.whitespace_after
    else:
        space = entries.lbrace.whitespace_after
    return space if isinstance(space, cst.ParenthesizedWhitespace) else cst.SimpleWhitespace(" ")


def _with(module: cst.Module, entries: cst.Dict, **changes: object) -> cst.Module:
    return cst.ensure_type(module.with_deep_changes(entries, **changes), cst.Module)
