"""Inside the worker: from the bytes of strategy.py to a `Strategy`."""

import sys
from types import ModuleType
from typing import Any

FILE = "strategy.py"


class Unfit(Exception):
    """The file is valid Python, yet no strategy.  Its author must define what the contract asks for."""


def module_from(source: bytes) -> ModuleType:
    """Run the file as a module; raises whatever the file raises."""
    # Text, not bytes: in bytes Python obeys a coding cookie, and would run another program than was judged.
    code = compile(source.decode("utf-8"), FILE, "exec", dont_inherit=True)
    module = ModuleType("strategy")
    # Dataclasses and enumerations look their module up.
    sys.modules["strategy"] = module
    # This is what the walls are for.
    exec(code, module.__dict__)  # noqa: S102  # nosec B102
    return module


def strategy_of(module: ModuleType) -> Any:
    """Make `Strategy(PARAMS)`; raises whatever it raises, or Unfit."""
    made = _made(_class_of(module), _params_of(module))
    if not callable(getattr(made, "on_book", None)):
        raise Unfit("class Strategy has no method on_book; define it to return the list of quotes wanted now")
    return made


def _made(strategy: type, params: dict[Any, Any]) -> Any:
    """An instance; only on_book is asked of a strategy, so one without `__init__` gets no params."""
    return strategy() if strategy.__init__ is object.__init__ else strategy(params)  # type: ignore[misc]


def _class_of(module: ModuleType) -> Any:
    found = module.__dict__.get("Strategy")
    if not isinstance(found, type):
        raise Unfit("the file defines no class Strategy; define it with at least on_book")
    return found


def _params_of(module: ModuleType) -> dict[Any, Any]:
    params = module.__dict__.get("PARAMS", {})
    if not isinstance(params, dict):
        raise Unfit(f"PARAMS is a {type(params).__name__}; make it a dict of literals")
    return dict(params)
