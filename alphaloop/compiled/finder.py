"""Where the listed modules are imported from: the compiled form of this very program, or its sources.

The package imports this before anything else of itself, so it costs nothing that can wait: which program this
is, is asked when a listed module is first imported, and only where a compiled form lies at all.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from types import ModuleType

from alphaloop.compiled.modules import GROUP, MODULES
from alphaloop.compiled.switch import HOW_OUT, PREFIX, forbidden
from alphaloop.errors import Broken

_CACHE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "__pycache__")
_ASKED = frozenset((*MODULES, GROUP))


class Finder:
    """Decides once for the life of the process, so that no half of a form is ever mixed with the other.

    look: the file of every listed module, or nothing when the sources are to be imported.
    """

    def __init__(self, look: Callable[[], Mapping[str, str]]) -> None:
        self._look = look
        self._places: Mapping[str, str] | None = None

    @property
    def places(self) -> Mapping[str, str]:
        """The file of every listed module; empty when the sources are imported."""
        if self._places is None:
            self._places = self._look()
        return self._places

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """How to import a listed module from its compiled form; None leaves it to the finders after this."""
        if name not in _ASKED or not (place := self.places.get(name)):
            return None
        spec = ModuleSpec(name, _Loader(name, place), origin=place)
        spec.has_location = True
        return spec


class _Loader(ExtensionFileLoader):
    """Loads an extension whose bytes were checked; that it cannot be loaded here is no reason to guess."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        try:
            return super().create_module(spec)
        except ImportError as error:
            raise Broken(f"the compiled form of {spec.name} cannot be loaded ({error}); {HOW_OUT}") from error


def install() -> None:
    """Put the finder of this program in front of all others."""
    sys.meta_path.insert(0, ITSELF)


def _look() -> Mapping[str, str]:
    if forbidden() or not _any_form():
        return {}
    from alphaloop.compiled.form import places_of_this_program

    return places_of_this_program()


def _any_form() -> bool:
    try:
        return any(name.startswith(PREFIX) for name in os.listdir(_CACHE))
    except OSError:
        # No folder, or no right to look, as behind the walls of a sandbox: then there is nothing to import.
        return False


ITSELF = Finder(_look)
"""The finder of this process."""
