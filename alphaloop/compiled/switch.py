"""The switch of the environment, and what every room of this folder calls things by."""

import os

from alphaloop.errors import Misuse

SWITCH, NEVER = "ALPHALOOP_COMPILED", "never"
"""The variable of the environment that may forbid the compiled form, and its only value."""

PREFIX = "compiled-"
"""What the name of every compiled form begins with."""

HOW_OUT = (
    f"`alphaloop compile` makes it again; `alphaloop compile --remove` or {SWITCH}={NEVER} go without it"
)


def forbidden() -> bool:
    """Whether the environment asks for sources; raises Misuse when it asks for what does not exist."""
    asked = os.environ.get(SWITCH, "")
    if asked not in ("", NEVER):
        raise Misuse(f"{SWITCH} is {asked[:40]!r}; its only value is {NEVER!r}, which plays from source")
    return asked == NEVER
