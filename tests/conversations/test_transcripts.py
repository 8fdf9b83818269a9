"""Whole pull requests as transcripts: comment in, the desk's whole answer compared.

A transcript is a text file.  `== ` begins a direction, which is acted out; `ann> ` a comment of Ann's, and
`ann (k)> ` one that she calls k; `desk> ` an answer.  `{head}`, `{base}`, `{main}` and `{old}` stand for
twelve digits of a commit, `{head:7}` for seven.
"""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
_MARK = re.compile(r"(?:== |(\w+)(?: \((\w+)\))?> )")


class Part(NamedTuple):
    """A direction (nobody's), a comment of somebody, or an answer of the desk."""

    who: str
    key: str
    text: str


def parts(script: str) -> list[Part]:
    """A transcript, taken apart."""
    found: list[Part] = []
    for line in script.splitlines():
        mark = _MARK.match(line)
        if mark:
            found.append(Part(mark[1] or "", mark[2] or "", line[mark.end() :]))
        elif found:
            found[-1] = found[-1]._replace(text=f"{found[-1].text}\n{line}")
        else:
            assert line.startswith("#"), "a transcript begins with what it shows"
    return [part._replace(text=part.text.strip("\n")) for part in found]


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_desk_answers_as_it_is_written(stage, path):
    expected = parts(path.read_text())
    place = 0
    while place < len(expected):
        part = expected[place]
        place += 1
        if not part.who:
            stage.act(part.text)
            continue
        assert part.who != "desk", f"{path.name}: the desk speaks before anybody asks: {part.text}"
        answers = []
        while place < len(expected) and expected[place].who == "desk":
            answers.append(expected[place].text)
            place += 1
        assert list(stage.say(part.who, stage.meant(part.text), part.key)) == answers, part.text
    assert stage.false() == []


def test_there_are_enough_transcripts():
    assert len(TRANSCRIPTS) >= 12
