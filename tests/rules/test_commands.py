"""Comments: words or commands, and nothing in between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.facts.command import Command, Misspelt, Verb
from alphaloop.rules.commands import commands

STOP = Command(Verb.STOP)


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "looks good to me",
        "please /alphaloop stop",
        "> /alphaloop stop",
        "> quoted\n/alphaloop stop",
        "```\n/alphaloop stop\n```",
        "~~~~\n/alphaloop stop\n",
        "    /alphaloop stop",
        "`/alphaloop stop`",
        "`a\n/alphaloop stop\nb`",
        "- /alphaloop stop",
        "1. /alphaloop stop",
        "# /alphaloop stop",
        "/alphaloop stop\n===",
        "/alphaloop stop\n---",
        "<!--\n/alphaloop stop\n-->",
        "<details>\n\n/alphaloop stop\n\n</details>",
        "<blockquote>\n\n/alphaloop stop\n\n</blockquote>",
        "thanks!\n/alphaloop stop",
        "/alphaloop stop\nand thanks",
        "/alphaloop stop\n\t/alphaloop\tresume",
        "**/alphaloop stop**",
        "[/alphaloop stop](x)",
        "\\/alphaloop stop",
        "/alphaloopstop",
        "/Alphaloop stop",
        "/alphaloop stop\x00",
        "/alphaloop stop\u202e",
        "/alphaloop\u00a0stop",
        "/alphaloop stop\u200b",
        "/alphaloop stop\r/alphaloop resume",
        "x" * 70_000,
        "/alphaloop stop " + "x" * 70_000,
        "\n".join(["/alphaloop stop"] * 9),
        "[/alphaloop stop]: http://x\n",
        "words first\n\n/alphaloop stop",
        "> a lazy quote\n/alphaloop stop",
        "> a quote\n>\n> /alphaloop stop",
        "~~~~\n/alphaloop stop\n~~~\n/alphaloop stop\n~~~~",
        "``````\n/alphaloop stop\n```\n/alphaloop stop",
        "<!-- x -->\n/alphaloop stop",
        "<!--\n\n/alphaloop stop\n\n-->",
        "<details><summary>x</summary>\n\n/alphaloop stop\n</details>",
        "``one\n/alphaloop stop\ntwo``",
        "/alphaloop stop `x\n/alphaloop stop y`",
        "a\n: /alphaloop stop",
        "/alphaloop stop ![x](y)",
        "/alphaloop stop <https://example.org>",
        "/alphaloop stop\\\n/alphaloop resume",
        "x" * 1024 * 1024,
        "/alphaloop stop\n" * 50_000,
        "> " * 20_000 + "/alphaloop stop",
        "[" * 30_000 + "\n/alphaloop stop",
    ],
)
def test_it_is_words(comment):
    assert commands(comment) == ()


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("/alphaloop stop", (STOP,)),
        ("/alphaloop stop\n", (STOP,)),
        ("\n\n/alphaloop   stop  \r\n", (STOP,)),
        ("/alphaloop stop the book is stale", (Command(Verb.STOP, "the book is stale"),)),
        ("/alphaloop status\n/alphaloop stop", (Command(Verb.STATUS), STOP)),
        ("/alphaloop stop\n\nbecause I say so", (STOP,)),
        ("/alphaloop stop\n> a quote", (STOP,)),
        ("/alphaloop", (Misspelt("/alphaloop", "help"),)),
        ("/alphaloop stpo", (Misspelt("/alphaloop stpo", "stop"),)),
        ("/alphaloop STOP", (Misspelt("/alphaloop STOP", "stop"),)),
        ("/alphaloop merge 123456789abc", (Command(Verb.MERGE, "123456789abc"),)),
        ("/alphaloop frobnicate", (Misspelt("/alphaloop frobnicate", ""),)),
    ],
)
def test_it_is_commands(comment, expected):
    assert commands(comment) == expected


@given(st.text(max_size=300))
def test_any_text_is_answered(text):
    assert isinstance(commands(text), tuple)


@given(st.text(max_size=60))
def test_a_command_is_always_a_line_that_people_see(text):
    for comment in (text, f"{text}\n/alphaloop stop", f"/alphaloop stop\n{text}", f"/alphaloop {text}"):
        if commands(comment):
            first = comment.replace("\r\n", "\n").lstrip("\n \t").split("\n")[0]
            assert first.startswith("/alphaloop")
