"""hftbacktest's compiled engine, without its Python package.

Importing the package compiles numba classes for seconds; the extension alone loads in 20 ms and offers the
same C functions to ctypes.  The signatures are those of hftbacktest 2.4.4's binding.py.
"""

import ctypes
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from alphaloop.errors import Broken

_POINTER, _FLAG, _FLOAT, _BYTE = ctypes.c_void_p, ctypes.c_bool, ctypes.c_double, ctypes.c_uint8
_COUNT, _INTEGER = ctypes.c_uint64, ctypes.c_int64
_SUBMIT = (_POINTER, _COUNT, _COUNT, _FLOAT, _FLOAT, _BYTE, _BYTE, _FLAG)


@dataclass(frozen=True, slots=True)
class Engine:
    """The extension module and the C functions that an exchange needs; `Any` because ctypes makes them."""

    module: ModuleType
    wait: Any
    now: Any
    buy: Any
    sell: Any
    cancel: Any
    orders: Any
    order: Any
    copied: Any
    forget: Any
    close: Any


@cache
def load() -> Engine:
    """Load the extension once; raises Broken when this installation has none."""
    path = _path()
    spec = importlib.util.spec_from_file_location("_hftbacktest", path)
    if spec is None or spec.loader is None:
        raise Broken(f"{path} is not an extension module; install hftbacktest again")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    # PyDLL keeps the interpreter's lock, which nobody waits for: to give it away costs a third of a call.
    library = ctypes.PyDLL(str(path))
    return Engine(
        module=module,
        wait=_function(library, "hashmapbt_wait_next_feed", _INTEGER, _POINTER, _FLAG, _INTEGER),
        now=_function(library, "hashmapbt_current_timestamp", _INTEGER, _POINTER),
        buy=_function(library, "hashmapbt_submit_buy_order", _INTEGER, *_SUBMIT),
        sell=_function(library, "hashmapbt_submit_sell_order", _INTEGER, *_SUBMIT),
        cancel=_function(library, "hashmapbt_cancel", _INTEGER, _POINTER, _COUNT, _COUNT, _FLAG),
        orders=_function(library, "hashmapbt_orders", _POINTER, _POINTER, _COUNT),
        order=_function(library, "orders_get", _POINTER, _POINTER, _COUNT),
        # What lies at an address, as bytes: ctypes.string_at without its Python half.
        copied=ctypes.PYFUNCTYPE(ctypes.py_object, _POINTER, ctypes.c_ssize_t)(
            ("PyBytes_FromStringAndSize", ctypes.pythonapi)
        ),
        forget=_function(library, "hashmapbt_clear_inactive_orders", None, _POINTER, _COUNT),
        close=_function(library, "hashmapbt_close", _INTEGER, _POINTER),
    )


def _path() -> Path:
    spec = importlib.util.find_spec("hftbacktest")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for folder in folders:
        for found in sorted(Path(folder).glob("_hftbacktest*.so")):
            return found
    raise Broken("hftbacktest has no compiled extension here; install the requirements again")


def _function(library: ctypes.CDLL, name: str, result: Any, *arguments: Any) -> Any:
    function = getattr(library, name)
    function.restype = result
    function.argtypes = arguments
    return function
