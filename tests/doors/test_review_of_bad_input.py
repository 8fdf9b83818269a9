"""What is no strategy, or only looks like one, gets a finding and exit code 1, never an approval."""

import json

import pytest

FRAME = """from alphaloop.contract import Quote


class Strategy:
    MAX_POSITION = 10.0

    def __init__(self, params):
        self.calls = 0

    def on_book(self, book):
        {on_book}
        return [Quote("buy", book.bid - 0.05, 1.0)] if book.position < 5.0 else []

    def on_trade(self, trade):
        {others}

    def on_fill(self, fill):
        {others}

    def on_timer(self, now):
        {others}
"""


def written(on_book="pass", others="pass"):
    return FRAME.replace("{on_book}", on_book).replace("{others}", others).encode()


LATE = (
    "for one in range(300):\n            for other in range(300):\n"
    "                self.calls = sorted((one, self.calls, other, 7, 5, 3))[2] % 7 + round(other * 0.1, 2)"
)
MANY = 'return [Quote("buy", book.bid - 0.01 * k, 0.001) for k in range(9_999)]'
BAD = {
    "is empty": (b"", "bytes.size"),
    "holds nothing but blanks": (b" \n\n\t\n", "bytes.size"),
    "has 10 MB of source": (b"x = 1\n" * 1_750_000, "bytes.size"),
    "nests 10,000 brackets": (written() + b"x = " + b"(" * 10_000 + b")" * 10_000 + b"\n", "bytes.shape"),
    "is no UTF-8": (written().replace(b"import Quote", b"import Quote  # \xff\xfe"), "bytes.encoding"),
    "is no Python": (b"class Strategy\n", "bytes.program"),
    "is a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "bytes."),
    "has no on_book": (written().replace(b"def on_book", b"def on_books"), "static.shape"),
    "returns a number": (written("return 3"), "fault"),
    "returns words": (written('return ["buy"]'), "fault"),
    "quotes a price in words": (written('return [Quote("buy", "100", 1.0)]'), "fault"),
    "raises in on_book": (written('raise ValueError("no")'), "fault"),
    "raises in every other callback": (written(others='raise ValueError("no")'), "fault"),
    "answers with ten thousand quotes": (written(MANY), "fault"),
    "answers late, though never too late": (written(LATE), "budget.processor_time"),
}
ENDED = {
    "floods its socket": (
        "import socket\n        for fd in range(3, 64):\n            try:\n"
        "                socket.socket(fileno=fd).sendall(b'x' * 65_536)\n            except OSError:\n"
        "                pass"
    ),
    "dies on its hundredth call": (
        "self.calls += 1\n        if self.calls == 100:\n            import os\n            os._exit(0)"
    ),
    "leaves by sys.exit": "import sys\n        sys.exit(0)",
    "never comes back": "while True: pass",
}


@pytest.mark.parametrize("what", BAD)
def test_review_vetoes_a_file_that(door, quiet_desk, tmp_path, what):
    source, check = BAD[what]
    (tmp_path / "mine.py").write_bytes(source)
    answer = door(quiet_desk, "review", tmp_path / "mine.py", "--json")
    found = json.loads(answer.out)
    assert (answer.code, found["decision"]) == (1, "vetoed")
    vetoes = [one for one in found["findings"] if one["severity"] == "veto"]
    assert [one for one in vetoes if check in one["check"] and one["message"] and one["file"]] != []


@pytest.mark.parametrize("what", ENDED)
def test_what_only_a_process_can_do_is_vetoed_unread_and_ended_when_it_runs(door, quiet_desk, tmp_path, what):
    (tmp_path / "mine.py").write_bytes(written(ENDED[what]))
    answer = door(quiet_desk, "review", tmp_path / "mine.py", "--json")
    assert (answer.code, json.loads(answer.out)["decision"]) == (1, "vetoed")
    played = door(quiet_desk, "simulate", "--strategy", tmp_path / "mine.py", "--json")
    assert played.code == 1
    assert json.loads(played.out)["ended"]
