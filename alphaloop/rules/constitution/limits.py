"""risk.py: the hard limits, read as literals and never run."""

import ast
import math
from dataclasses import fields

from alphaloop.errors import BadConfiguration
from alphaloop.facts.market import Limits
from alphaloop.rules.constitution.strict_yaml import meant

FILE = "risk.py"
MAX_BYTES = 64 * 1024
NAMES = tuple(field.name.upper() for field in fields(Limits))
WHOLE = ("MAX_QUOTES_PER_SIDE",)


def limits(content: bytes) -> Limits:
    """The ten limits; raises BadConfiguration with the line of anything but one finite literal for each."""
    values: dict[str, float] = {}
    lines: dict[str, int] = {}
    for statement in _statements(content):
        name, value = _assignment(statement)
        if name in values:
            raise _wrong(statement.lineno, f"{name} is set twice; keep one")
        values[name], lines[name] = value, statement.lineno
    lacking = [name for name in NAMES if name not in values]
    if lacking:
        raise BadConfiguration(f"{FILE}: {lacking[0]} is missing; add `{lacking[0]} = <number>`")
    try:
        return Limits(**{name.lower(): _typed(name, values[name]) for name in NAMES})  # type: ignore[arg-type]
    except ValueError as wrong:
        named = next((lines[name] for name in NAMES if name in str(wrong)), 0)
        raise _wrong(named, f"{wrong}; correct it") from wrong


def _statements(content: bytes) -> list[ast.stmt]:
    if len(content) > MAX_BYTES:
        raise BadConfiguration(
            f"{FILE}: it has {len(content)} bytes, the limit is {MAX_BYTES}; make it shorter"
        )
    try:
        body = ast.parse(content.decode("utf-8")).body
    except SyntaxError as wrong:
        raise _wrong(
            wrong.lineno or 1, f"not Python: {wrong.msg}; write `NAME = number` lines only"
        ) from wrong
    except (ValueError, RecursionError, MemoryError) as wrong:
        raise BadConfiguration(
            f"{FILE}: cannot be read as Python text: {wrong}; save it as plain UTF-8"
        ) from wrong
    is_docstring = bool(body) and ast.get_docstring(ast.Module(body[:1], [])) is not None
    return body[1:] if is_docstring else body


def _assignment(statement: ast.stmt) -> tuple[str, float]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            if name not in NAMES:
                raise _wrong(statement.lineno, f"there is no limit {name!r}{meant(name, NAMES)}")
            return name, _literal(name, value)
        case _:
            raise _wrong(statement.lineno, "only `NAME = number` lines are read here; remove this statement")


def _literal(name: str, expression: ast.expr) -> float:
    try:
        value = ast.literal_eval(expression)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as wrong:
        raise _wrong(expression.lineno, f"{name} must be a literal number") from wrong
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(expression.lineno, f"{name} must be a number, not {type(value).__name__}")
    if abs(value) >= 2**1023 or not math.isfinite(value):
        raise _wrong(expression.lineno, f"{name} must be a finite number")
    if name in WHOLE and not isinstance(value, int):
        raise _wrong(expression.lineno, f"{name} counts orders: write a whole number, not {value!r}")
    return value


def _typed(name: str, value: float) -> float:
    return value if name in WHOLE else float(value)


def _wrong(line: int, words: str) -> BadConfiguration:
    return BadConfiguration(f"{FILE}:{line}: {words}" if line else f"{FILE}: {words}")
