"""Symbolic numbers: whole numbers of a unit as Python floats, and roundings that keep them symbolic.

CrossHair knows a float as a real number of the solver.  Its own floor, ceil and fabs put a concrete number in
the place of a symbol, which would end the search at the very rule that asks whether a size is too large.
"""

import math
from collections.abc import Callable
from typing import Any

import z3
from crosshair import core
from crosshair.libimpl.builtinslib import ModelingDirector, RealBasedSymbolicFloat, SymbolicInt
from crosshair.statespace import StateSpace
from crosshair.tracers import NoTracing


def keep_symbolic() -> None:
    """Let the roundings of `math` answer symbols; for the whole process."""
    for function, symbolic in ((math.floor, _floor), (math.ceil, _ceil), (math.fabs, _fabs)):
        core._PATCH_REGISTRATIONS[function] = _rounding(function, symbolic)


def _rounding(function: Callable[[Any], Any], symbolic: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def rounded(value: Any) -> Any:
        with NoTracing():
            if isinstance(value, RealBasedSymbolicFloat):
                return symbolic(value)
            return function(core.realize(value))

    return rounded


def _floor(value: Any) -> Any:
    return SymbolicInt(z3.ToInt(value.var))


def _ceil(value: Any) -> Any:
    return SymbolicInt(-z3.ToInt(-value.var))


def _fabs(value: Any) -> Any:
    return RealBasedSymbolicFloat(z3.If(value.var >= 0, value.var, -value.var))


class Symbols:
    """The unknown numbers of one path, by name."""

    def __init__(self, space: StateSpace) -> None:
        self._space = space
        modelling = space.extra(ModelingDirector)  # noqa: S610  # nosec B610
        modelling.global_representations[float] = RealBasedSymbolicFloat

    def whole(self, name: str, least: int, most: int) -> Any:
        """An unknown whole number, as the solver has it."""
        number = z3.Int(name)
        self.must(number >= least)
        self.must(number <= most)
        return number

    def real(self, name: str, least: float, most: float) -> Any:
        """An unknown real number, as the solver has it."""
        number = z3.Real(name)
        self.must(number >= z3.RealVal(repr(least)))
        self.must(number <= z3.RealVal(repr(most)))
        return number

    def must(self, condition: Any) -> None:
        """Demand something of the unknown numbers."""
        self._space.add(condition)

    def either(self, name: str) -> bool:
        """A question that is answered both ways, on different paths."""
        return bool(self._space.smt_fork(desc=name))

    def value(self, number: Any) -> float:
        """What an unknown number is in one case of the path, once the path is detached."""
        return float(self._space.find_model_value(number))


def times(number: Any, unit: float) -> Any:
    """A whole number of units, as a strategy sees it: a float."""
    return RealBasedSymbolicFloat(z3.ToReal(number) * z3.RealVal(repr(unit)))


def integer(number: Any) -> Any:
    """A whole number of the solver as a Python int; also while the strategy is being traced."""
    with NoTracing():
        return SymbolicInt(number)


def floating(number: Any) -> Any:
    """A real number of the solver as a Python float."""
    return RealBasedSymbolicFloat(number)
