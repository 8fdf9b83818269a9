"""Conversations: a comment goes in, and the desk's whole answer is compared."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alphaloop import words
from alphaloop.agents.clerk.hearing import heard
from alphaloop.agents.clerk.table import TABLE
from alphaloop.doors.newborn import founded
from alphaloop.ports import Desk
from alphaloop.wiring import desk_at

ANN = "human:ann"
HELP = words.help_answer(one.usage for one in TABLE.values())
STOPPED = """\
The desk is stopped ({why}). A registered human lets it go on: `/alphaloop resume [reason]`.
"""
NOT_HUMAN = """\
Refused: `/alphaloop resume [reason]` is for registered humans, with their own signature; risk is not. \
Ask one of: ann.
"""
NOT_STOPPED = "The desk is not stopped.\n"


@pytest.fixture(scope="module")
def founded_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ann's desk with one pull request of Quant's, on which nobody has answered."""
    folder = tmp_path_factory.mktemp("desks") / "desk"
    founded(folder, (), "null", "ann", lambda words: None)
    with desk_at(folder, lambda words: None) as desk:
        wider = desk.forge.file(desk.forge.main(), "strategy.py").replace(b"8.0", b"9.0")
        desk.forge.open("quant", "quote wider", "It pays.", {"strategy.py": wider}, "turn:1")
    return folder


@pytest.fixture
def desk(founded_desk: Path) -> Iterator[Desk]:
    """The desk, running: whoever stopped it before has let it go on."""
    with desk_at(founded_desk, lambda words: None) as seated:
        yield seated
        heard(seated, 1, ANN, "/alphaloop resume")


@pytest.fixture
def says(desk: Desk) -> Callable[..., tuple[str, ...]]:
    """What the desk answers to a comment on its pull request."""
    return lambda text, author=ANN: heard(desk, 1, author, text)


@pytest.fixture
def status(desk: Desk) -> str:
    """What it answers to `/alphaloop status` while nobody has judged the change."""
    change = desk.forge.change(1)
    place = f"`{change.head[:12]}` on `{change.base[:12]}`"
    return f"#1 is **proposed** at {place}.\n\nNobody has answered on this head yet.\n"


def test_help_lists_every_command_with_who_may(says):
    assert says("/alphaloop help") == (HELP,)


def test_status_says_where_the_change_stands(says, status):
    assert says("/alphaloop status") == (status,)


def test_words_below_a_command_are_no_argument_of_it(says):
    assert says("/alphaloop help\n\nThank you, and */alphaloop stop* is not what I want.") == (HELP,)


def test_several_commands_are_answered_in_their_order(says, status):
    assert says("/alphaloop help\n/alphaloop status") == (HELP, status)


def test_stop_and_resume_take_a_reason(says):
    assert says("/alphaloop stop the feed is wrong") == (STOPPED.format(why="human:ann: the feed is wrong"),)
    assert says("/alphaloop resume it is mended") == ("resumed by human:ann.\n",)


def test_stop_needs_no_reason_and_the_first_stop_stands(says):
    assert says("/alphaloop stop") == (STOPPED.format(why="human:ann: no reason given"),)
    assert says("/alphaloop stop again") == (STOPPED.format(why="human:ann: no reason given"),)


def test_resume_on_a_running_desk_changes_nothing(says):
    assert says("/alphaloop resume") == (NOT_STOPPED,)


def test_status_on_a_stopped_desk_says_so(says, desk):
    says("/alphaloop stop fire")
    (answer,) = says("/alphaloop status")
    assert STOPPED.format(why="human:ann: fire") in answer


def test_a_reason_with_markup_acts_on_nobody(says):
    (answer,) = says("/alphaloop stop @everybody #1 1 < 2 | 3")
    assert answer == STOPPED.format(why="human:ann: &#64;everybody \\#1 1 &lt; 2 \\| 3")


def test_a_seat_may_stop_and_only_a_human_may_resume(says):
    assert says("/alphaloop stop drawdown", "risk") == (STOPPED.format(why="risk: drawdown"),)
    assert says("/alphaloop resume", "risk") == (NOT_HUMAN,)
    assert says("/alphaloop resume") == ("resumed by human:ann.\n",)


@pytest.mark.parametrize(
    ("comment", "answer"),
    [
        ("/alphaloop stpo", "/alphaloop stpo. Did you mean `/alphaloop stop [reason]`?"),
        ("/alphaloop Status", "/alphaloop Status. Did you mean `/alphaloop status`?"),
        ("/alphaloop halp", "/alphaloop halp. Did you mean `/alphaloop help`?"),
        ("/alphaloop", "/alphaloop. Did you mean `/alphaloop help`?"),
        ("/alphaloop frobnicate", "/alphaloop frobnicate. `/alphaloop help` lists them."),
    ],
)
def test_what_is_misspelt_is_asked_back(says, comment, answer):
    assert says(comment) == (f"There is no such command: {answer}\n",)


@pytest.mark.parametrize(
    "words",
    [
        "Looks good to me.",
        "please /alphaloop stop",
        "What does /alphaloop stop do?",
        "/alphaloop stop\nor do not",
        "Hello.\n\n/alphaloop stop",
        "> /alphaloop stop",
        "```\n/alphaloop stop\n```",
        "    /alphaloop stop",
        "`/alphaloop stop`",
        "- /alphaloop stop",
        "1. /alphaloop stop",
        "# /alphaloop stop",
        "**/alphaloop stop**",
        "<div>\n/alphaloop stop\n</div>",
        "<!-- -->/alphaloop stop",
        "/alphaloop stop <b>now</b>",
        "[x](y)\n/alphaloop stop",
        "/alphaloopstop",
        "/Alphaloop stop",
        "\u200b/alphaloop stop",
        "\u202e/alphaloop stop",
        "/alphaloop stop\x00",
        "\n".join(["/alphaloop stop"] * 9),
        "/alphaloop stop " + "x" * 70_000,
        "",
    ],
)  # fmt: skip
def test_words_are_kept_and_never_obeyed(says, words):
    assert says(words) == ()
    assert says("/alphaloop resume") == (NOT_STOPPED,)


def test_comment_and_answer_stay_on_the_pull_request(says, desk):
    says("/alphaloop help")
    asked, answered = desk.forge.conversation(1)[-2:]
    assert (asked.author, asked.text.strip()) == (ANN, "/alphaloop help")
    assert (answered.author, answered.text.strip()) == ("delivery_lead", HELP.strip())


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=200))
def test_whatever_is_said_can_be_read_again(founded_desk, text):
    with desk_at(founded_desk, lambda words: None) as seated:
        heard(seated, 1, ANN, text)
    with desk_at(founded_desk, lambda words: None) as later:
        assert [said for said in later.forge.conversation(1) if said.author == ANN][-1].text == text


def test_the_same_comment_twice_is_answered_twice(says):
    assert says("/alphaloop status") == says("/alphaloop status")
