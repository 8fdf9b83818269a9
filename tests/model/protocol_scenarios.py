"""What the search begins with.  Each holds few acts, so that every order of them can be seen."""

from protocol_world import Scenario

IDEA = ("quant", "strategy.py", "other")
MORE = ("human:bob", "strategy.py", "wider")
LESS = ("human:bob", "strategy.py", "tight")
TESTS = ("qa", "tests/test_it.py", "better")

SMALL = (
    Scenario("a veto at any moment", (IDEA,), ("veto:1",), answers=("approve",)),
    Scenario("a stop at any moment", (IDEA,), ("stop",), answers=("approve",)),
)

SCENARIOS = (
    Scenario("a change alone", (IDEA,), ("push:1", "veto:1", "lift:1", "stop", "resume")),
    Scenario(
        "a canary",
        (IDEA,),
        ("hold:1", "lift:1", "rollback", "tighten", "edit", "stop", "resume"),
        founding="large",
        answers=("approve", "veto"),
    ),
    Scenario(
        "two changes of one head",
        (IDEA, IDEA),
        ("hold:1", "veto:2", "lift:2", "push:2"),
        answers=("approve", "hold"),
    ),
    Scenario("a change beside a canary", (IDEA, TESTS), ("veto:2", "hold:1"), answers=("approve", "veto")),
    Scenario("one idea again and again", (IDEA, IDEA, IDEA), ("push:3",), answers=("veto", "approve")),
    Scenario(
        "words that come twice",
        (IDEA,),
        ("approve:1", "veto:1", "lift:1", "push:1", "replay"),
        answers=("approve",),
    ),
    Scenario(
        "a person scales",
        (MORE,),
        ("hold:1", "lift:1", "rollback", "tighten", "edit", "stop"),
        founding="wide",
        answers=("approve", "veto"),
    ),
    Scenario(
        "more and less",
        (MORE, LESS),
        ("hold:1", "rollback", "push:2"),
        founding="wide",
        answers=("approve",),
    ),
    Scenario(
        "less beside an idea",
        (LESS, IDEA),
        ("rollback", "push:1", "push:2"),
        founding="wide",
        answers=("approve", "veto"),
    ),
)
