"""Runs in a process of its own: can this Python load a compiled form at all?"""

import sys
from importlib import import_module
from pathlib import Path

from alphaloop.compiled.finder import Finder
from alphaloop.compiled.form import places_in
from alphaloop.compiled.modules import MODULES
from alphaloop.errors import Broken


def main(folder: str) -> None:
    """Import every listed module from `folder`; raises whatever keeps one from being imported."""
    places = places_in(Path(folder))
    sys.meta_path.insert(0, Finder(lambda: places))
    for name in MODULES:
        if import_module(name).__file__ != places[name]:
            raise Broken(f"{name} was not imported from {places[name]}")
