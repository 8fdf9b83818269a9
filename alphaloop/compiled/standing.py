"""Which form plays in this process."""

from typing import NamedTuple

from alphaloop.compiled.digest import PACKAGE
from alphaloop.compiled.finder import ITSELF
from alphaloop.compiled.switch import NEVER, PREFIX, SWITCH, forbidden


class Standing(NamedTuple):
    """Which form plays in this process, and what can be done about it, in words."""

    compiled: bool
    words: str


def standing() -> Standing:
    """Which form plays here; raises Broken when there is one that is damaged."""
    if ITSELF.places:
        words = f"the compiled form plays; with {SWITCH}={NEVER} in the environment the sources do"
        return Standing(True, words)
    if forbidden():
        return Standing(False, f"the sources play, because {SWITCH} is {NEVER}")
    stale = any(PACKAGE.glob(f"__pycache__/{PREFIX}*"))
    why = ", because the compiled form that lies here is of another program or Python" if stale else ""
    how = "`pip install 'alphaloop[compiled]'`, then `alphaloop compile`, which needs a C compiler"
    return Standing(False, f"the sources play{why}; for a faster form: {how}")
