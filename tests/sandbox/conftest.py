"""One warm lockdown for all of these tests, and the strategies that they are about."""

from collections.abc import Callable, Iterator
from textwrap import dedent, indent

import pytest

from alphaloop.sandbox.allowance import Allowance
from alphaloop.sandbox.lockdown import Lockdown, missing_here

# Short, so that what hangs is soon over; the stall is what a sleeping worker costs.
QUICK = Allowance(step_s=0.3, stall_s=1.5, total_s=20.0, memory_bytes=256 << 20)


@pytest.fixture(scope="session")
def lockdown() -> Iterator[Lockdown]:
    if missing := missing_here():
        pytest.skip(f"no lockdown here: {'; '.join(missing)}")
    sandbox = Lockdown(allowance=QUICK)
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="session")
def strategy() -> Callable[[str], bytes]:
    """Make the source of a strategy whose `on_book` has the given body, with `more` as further methods."""

    def source(body: str, more: str = "", top: str = "") -> bytes:
        head = f"from alphaloop.contract import Quote\n{dedent(top)}\n\nclass Strategy:\n"
        init = "    def __init__(self, params):\n        self.params = params\n        self.seen = []\n"
        on_book = "    def on_book(self, book):\n" + indent(dedent(body), " " * 8) + "\n"
        return (head + init + on_book + indent(dedent(more), " " * 4)).encode()

    return source
