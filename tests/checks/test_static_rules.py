"""The static policy, sentence by sentence, where the corpus is not enough."""

import ast
import csv
import sys
import textwrap
from pathlib import Path

import pytest

from alphaloop.checks.static import bandit, ruff
from alphaloop.checks.static.table import RULES, rule_findings, static_findings
from alphaloop.checks.subject import Subject
from alphaloop.errors import Broken
from alphaloop.facts.finding import Severity, vetoes
from alphaloop.facts.market import Limits

LIMITS = Limits(10.0, 5.0, 1_000.0, 2.0, 0.1, 500.0, 5, 50.0, 0.5, 400.0)


def subject(body="return []", top="", init="self.n = 0", cls=""):
    """A whole strategy with a few lines put in."""
    parts = [
        "from collections import deque, namedtuple\nfrom dataclasses import dataclass, field, replace\n",
        "import math\nfrom enum import Enum\nimport numpy as np\nfrom alphaloop.contract import Quote\n",
        textwrap.dedent(top),
        "\nclass Strategy:\n    MAX_POSITION = 10.0\n",
        textwrap.indent(textwrap.dedent(cls), "    "),
        "\n    def __init__(self, params):\n",
        textwrap.indent(textwrap.dedent(init), " " * 8),
        "\n    def on_book(self, book):\n",
        textwrap.indent(textwrap.dedent(body), " " * 8),
        "\n",
    ]
    return Subject("strategy.py", "".join(parts).encode(), None, LIMITS)


def checks(**parts):
    return {finding.check.removeprefix("static.") for finding in vetoes(rule_findings(subject(**parts)))}


HONEST = {
    "prunes a window by time": "while self.q and self.q[0] < book.time - 5:\n    self.q.popleft()\nreturn []",
    "trims to a length": "while len(self.q) > 10:\n    self.q.popleft()\nreturn []",
    "counts up": "i = 0\nwhile i < 10:\n    i += 1\nreturn []",
    "counts a level down": "level = 5\nwhile level > 0 and book.mid > 0:\n    level -= 1\nreturn []",
    "picks a function": "best = max if book.position > 0 else min\nreturn [] if best(1, 2) else []",
    "sorts by a method": "xs = sorted([1, 2], key=self.score)\nreturn [x for x in xs if x > 5]",
    "takes the first": "first = next((x for x in (1, 2) if x > 1), None)\nreturn [] if first else []",
    "names errors": (
        "try:\n    x = 1 / book.mid\nexcept ZeroDivisionError as error:\n"
        "    raise ValueError(str(error)) from error\nreturn []"
    ),
    "keeps a copy of params": "self.tuned = dict(PARAMS)\nself.tuned['a'] = 2.0\nreturn []",
    "compares with nothing held": "return [] if book.position == 0 else []",
    "runs every tenth call": "self.n += 1\nreturn [] if self.n % 10 == 0 else []",
    "deletes from its list": "xs = [1, 2]\ndel xs[0]\nreturn []",
    "unpacks": "a, *rest = (1, 2, 3)\nreturn [] if a else [*rest]",
    "reduces an array": "peak = np.maximum.accumulate(np.array(self.q))\nreturn [] if peak.size else []",
    "solves": "x = np.linalg.solve(np.eye(2), np.ones(2))\nreturn [] if float(x[0]) > 0 else []",
    "says a price in words": "words = f'{book.mid:.2f} {book.position}'\nreturn [] if words else []",
    "defines a small function": "def clamp(x):\n    return max(0.0, x)\n\nreturn [] if clamp(2) else []",
    "loops over a generator of its own": "return [x for x in levels(3) if x > 5]",
    "takes a few of a generator": "xs = list(map(float, levels(3)))\nreturn [] if xs else []",
    "picks a rule from a table": "return [] if RULES['wide'](book) > CURVES[0](1.0) else []",
    "goes through a table of rules": "return [] if sum(rule(1.0) for rule in CURVES) else []",
    "calls a part of itself": "return [] if self.part(2.0) else []",
    "leans by the hour": "self.n = math.sin(2 * math.pi * book.time / 86_400)\nreturn []",
    "backs off up to a most": "self.n = min(self.n * 2, 64)\nreturn []",
    "remembers the peak": "self.n = max((self.n, book.mid))\nreturn []",
    "searches by halves": (
        "lo, hi = 0, 9\nwhile lo < hi:\n    k = (lo + hi) // 2\n    if k < book.position:\n"
        "        lo = k + 1\n"
        "    else:\n        hi = k\nreturn []"
    ),
    "fills a list": "xs = []\nwhile len(xs) < 3:\n    xs.append(book.mid)\nreturn [x for x in xs if x < 0]",
    "matches lots": (
        "left = book.mid\nwhile left > 0.1 and self.q:\n    taken = min(left, self.q[0].mean)\n"
        "    left -= taken\n"
        "    if taken > 0:\n        self.q.popleft()\nreturn []"
    ),
    "settles lots": (
        "left = book.mid\nwhile left > 0 and self.q:\n    if self.q[0] > left:\n        self.q[0] -= left\n"
        "        left = 0\n    else:\n        left -= self.q[0]\n        self.q.popleft()\nreturn []"
    ),
    "merges two rows": (
        "a, b = [1.0], [2.0]\ni = 0\nj = 0\nwhile i < len(a) and j < len(b):\n    if a[i] < b[j]:\n"
        "        i += 1\n"
        "    else:\n        j += 1\nreturn []"
    ),
    "cuts a window by the age of its first": (
        "while book.time - self.q[0][0] > 5:\n    _, old = self.q.popleft()\nreturn []"
    ),
    "fills a list of its own only so far": "if len(self.xs) < 50:\n    self.xs.append(book.mid)\nreturn []",
    "uses a generator up": "xs = []\nxs.extend(levels(3))\nreturn [*levels(0)] if xs else []",
    "calls a method of its own word": "return [] if self.part.at(book.time) > 0 else []",
    "sets through a property": "self.width = 2.0\nreturn [] if self.width > 1 else []",
    "waits for a horizon": (
        "for t0, _ in self.q:\n    for h in HORIZONS:\n"
        "        if book.time >= t0 + h and t0 <= book.time - h:\n"
        "            self.n = h\nreturn []"
    ),
    "compares rungs with the touch": (
        "return [Quote('buy', book.mid - h, 1.0) for h in HORIZONS if book.mid - h < book.bid]"
    ),
    "keeps a rhythm": "return [] if int(book.time) % 60 in (0, 30) else []",
    "rests at three hours of the day": (
        "second = book.time % 86_400\n"
        "return [] if any(abs(second - 3_600 * h) < 60 for h in HORIZONS) else []"
    ),
    "looks up a width by volatility": (
        "return [] if np.interp(book.volatility, (0.01, 0.1, 1.0), (2.0, 5.0, 9.0)) > 3 else []"
    ),
    "reads a set of prices": (
        "for p in {q.price for q in [Quote('buy', 1.0, 1.0)] if q.side == 'buy'}:\n    self.n = p\nreturn []"
    ),
    "updates a record": "self.state.mean = book.mid\nself.state = replace(self.state, mean=1.0)\nreturn []",
}


@pytest.mark.parametrize("body", HONEST.values(), ids=HONEST.keys())
def test_honest_code_is_not_vetoed(body):
    top = (
        "PARAMS = {'a': 1.0}\n\n@dataclass\nclass State:\n    mean: float = 0.0\n"
        "    xs: list = field(default_factory=list)\n"
        "\ndef levels(n):\n    for k in range(n):\n        yield k\n"
        "\ndef wide(book):\n    return book.ask - book.bid\n"
        "\nRULES = {'wide': wide}\nCURVES = (lambda x: x, lambda x: x * x)\n"
        "\nclass Part:\n    def __call__(self, x):\n        return x\n\n    def at(self, x):\n"
        "        return x\n"
        "\nFLAT = [1.0] * 24\n"
        "HORIZONS = (1.0, 5.0, 60.0)\n"
    )
    cls = (
        "def score(self, x):\n    return -x\n\n@property\ndef width(self):\n    return self.w\n"
        "\n@width.setter\ndef width(self, value):\n    self.w = max(value, 1.0)\n"
    )
    init = (
        "self.w = 1.0\nself.xs = []\nself.q = deque()\nself.n = 0\nself.state = State()\nself.part = Part()"
    )
    assert checks(body=body, top=top, cls=cls, init=init) == set()


HIDDEN = {
    "frame declared as own attribute": (
        "self.gi_frame = None\nreturn [(x for x in ()).gi_frame]",
        "attributes",
    ),
    "frame declared by a field": ("return [(x for x in ()).f_back]", "attributes"),
    "machinery in a pattern": (
        "match book:\n    case Quote(f_globals=g):\n        return [g]\nreturn []",
        "attributes",
    ),
    "array written to a file": ("np.zeros(2).dump('x')\nreturn []", "attributes"),
    "module handed on": ("return list(map(str, [math]))", "attributes"),
    "own function handed to str": ("return [str(self.on_book)]", "calls"),
    "code in a list": ("return [lambda: 1]", "calls"),
    "code chosen by number": ("return (min, max)[0](1, 2)", "calls"),
    "while over what does not shrink": (
        "while self.q:\n    if book.mid:\n        self.q.pop()\nreturn []",
        "loops",
    ),
    "bound that runs away": ("i = 0\nn = 1\nwhile i < n:\n    i += 1\n    n += 2\nreturn []", "loops"),
    "step of zero": ("i = 0\nwhile i < 10:\n    i += 0\nreturn []", "loops"),
    "power by a constant": ("return [2 ** 100_000]", "resources"),
    "table through a tuple": ("T[0].append(1)\nreturn []", "tables"),
    "table through a loop": ("for row in ROWS:\n    row['n'] = 1\nreturn []", "tables"),
    "table through a function": ("change(ROWS[0])\nreturn []", "tables"),
    "table through items": ("for _, row in TABLE.items():\n    row.append(1)\nreturn []", "tables"),
    "limit as keyword": ("return [dict(MAX_POSITION=100)]", "limits"),
}


@pytest.mark.parametrize(("body", "rule"), HIDDEN.values(), ids=HIDDEN.keys())
def test_what_hides_one_step_deeper_is_vetoed(body, rule):
    top = (
        "T = ([], 1)\nROWS = [{'n': 0}]\nTABLE = {'a': [1]}\n\ndef change(row):\n    row['n'] = 2\n\n"
        "@dataclass\nclass State:\n    f_back: float = 0.0\n    f_globals: float = 0.0\n"
    )
    assert rule in checks(body=body, top=top, init="self.q = deque()")


REMEMBERS = {
    "a generator kept on self": ("self.q = walk(3)\nreturn []", "generators"),
    "a generator kept by a name": ("it = walk(3)\nself.q = it\nreturn []", "generators"),
    "a generator not called": ("return list(map(walk, [1]))", "generators"),
    "a lazy map kept on self": ("self.q = map(abs, (1, 2))\nreturn []", "generators"),
    "a table of code that calls itself": ("return [STEPS[0](1)]", "recursion"),
    "an instance that calls itself": ("return [self.n(1)]", "recursion"),
    "a chain of records": ("self.q = Node(book.mid, self.q)\nreturn []", "growth"),
    "a list joined to itself": ("self.q = sorted(self.q + [book.mid])\nreturn []", "growth"),
    "a text written into itself": ("self.q = f'{self.q}x'\nreturn []", "growth"),
    "a list that a helper lengthens": ("note(self.q, book.mid)\nreturn []", "growth"),
    "an end that is assigned": ("self.q[len(self.q):] = [book.mid]\nreturn []", "growth"),
    "a whole number times three": ("self.n = self.n * 3 + 1\nreturn []", "resources"),
    "a width of a thousand": ("return ['%1000d' % 1]", "resources"),
    "rounds of the price": ("return [x for x in range(int(book.mid * 1e6))]", "resources"),
    "a scrambled clock": ("return [int(book.time) * 1103515245 % 3]", "curves"),
    "a polynomial of time": (
        (
            "t = book.time\nself.n = 0.1 * t + 0.3 * t**2 - 0.7 * t**3 + 1.1 * t**4 - 1.7 * t**5 + 2.3\n"
            "return []"
        ),
        "curves",
    ),
    "prices as steps": (
        (
            "m = book.mid\nif book.mid > 101.3 or book.mid > 102.1 or book.mid < 99.4 or book.mid < 98.2:\n"
            "    m = 1\nreturn []"
        ),
        "curves",
    ),
    "sizes recognised together": (
        "return [1] if (book.bid_size, book.ask_size) == (1.2, 3.4) else []",
        "fingerprints",
    ),
    "a moment that is near": ("return [] if abs(book.time - 31.5) < 0.4 else []", "moments"),
    "a price that is close": ("return [] if math.isclose(book.mid, 101.4, abs_tol=0.01) else []", "moments"),
    "moments one by one": ("return [] if any(book.time < t for t in MOMENTS) else []", "moments"),
    "moments in numpy": ("return [] if np.any(np.abs(np.array(MOMENTS) - book.time) < 1) else []", "moments"),
    "the place among prices": ("return [] if np.searchsorted(MOMENTS, book.mid) else []", "moments"),
    "a remainder of the price": ("return [] if int(book.mid * 100) % 16 in (3, 7) else []", "moments"),
    "a long table by the clock": ("return [] if (MOMENTS * 30)[int(book.time) % 90] > 1 else []", "moments"),
    "bits by the clock": ("return [] if 0x3a7c91 >> int(book.time) % 24 & 1 else []", "moments"),
    "moments of a minute": ("return [] if int(book.time) % 60 in (12, 13, 31) else []", "fingerprints"),
    "a power of the clock": ("return [0.1 * book.time**3]", "curves"),
    "a sine that draws": ("return [math.sin(book.time) * 43758.5453 % 1]", "curves"),
    "a quote of nothing": ("size = math.nan\nreturn [Quote('buy', 1.0, size)]", "missing"),
    "an end that never comes": (
        "self.q.append(book.mid)\nif len(self.q) > 10 ** 9:\n    self.q.pop(0)\nreturn []",
        "growth",
    ),
    "an end behind the end": ("self.q.append(book.mid)\nreturn []\nself.q.clear()", "growth"),
    "a deque as long as memory": ("self.d.append(book.mid)\nreturn []", "growth"),
    "an order of members": ("return [one for one in {Kind.A, Kind.B}]", "order"),
    "an order of records": ("return [one for one in {Node('a', 1), Node('b', 2)}]", "order"),
    "an order handed on": ("return [first({'a', 'b'})]", "order"),
    "a bound method of a table": ("note = MOMENTS_LIST.append\nnote(1.0)\nreturn []", "tables"),
    "another's file under an own word": (
        "write(Node(1, 2))\nreturn list(map(write, [np.ones(2)]))",
        "attributes",
    ),
    "another self": ("self = None\nreturn []", "shadowing"),
}


@pytest.mark.parametrize(("body", "rule"), REMEMBERS.values(), ids=REMEMBERS.keys())
def test_what_remembers_or_grows_out_of_sight_is_vetoed(body, rule):
    top = (
        "def walk(n):\n    for k in range(n):\n        yield k\n\ndef note(rows, x):\n    rows.append(x)\n"
        "\nSTEPS = (lambda x: STEPS[0](x), 1)\n"
        "\nclass Node:\n    def __init__(self, x, last):\n        self.x = x\n        self.last = last\n"
        "\n    def __call__(self, x):\n        return self.x(x)\n\n    def tofile(self, x):\n"
        "        return x\n"
        "\ndef write(node):\n    return node.tofile('x')\n\ndef first(items):\n    for item in items:\n"
        "        return item\n\nMOMENTS = (12.0, 31.5, 40.0)\nMOMENTS_LIST = [1.0]\n"
        "\nclass Kind(Enum):\n    A = 1\n    B = 2\n"
    )
    init = "self.q = []\nself.n = 1\nself.d = deque(maxlen=10 ** 9)"
    assert rule in checks(body=body, top=top, init=init)


def test_comments_docstrings_and_suppressions_change_no_finding():
    plain = "import os\n"
    loud = (
        '"""This is safe; import os; eval()."""\nimport os  # noqa  # nosec  # type: ignore\n# eval(open())\n'
    )
    found = [
        [(f.check, f.message) for f in rule_findings(Subject("strategy.py", text.encode(), None, LIMITS))]
        for text in (plain, loud)
    ]
    assert found[0] == found[1]


def test_every_rule_of_the_table_has_a_trick_in_the_corpus():
    with (Path(__file__).parents[1] / "corpus" / "manifest.csv").open(encoding="utf-8") as listed:
        tried = {row["rule"] for row in csv.DictReader(listed) if row["stage"] == "static"}
    assert {rule.__module__.rpartition(".")[2] for rule in RULES} <= tried


CROWDS = {
    "loops": ["for x in y: z = y"] * 1_500,
    "assignments": [f"v{i} = v{i - 1}" for i in range(1_500, 0, -1)],
    "sets": ["for x in self.s: self.s.add(1)"] * 1_000,
    "extensions": ["y.extend(z for z in y)"] * 1_000,
}


@pytest.mark.parametrize("lines", CROWDS.values(), ids=CROWDS.keys())
def test_no_crowd_of_lines_makes_the_work_grow_with_its_square(lines, monkeypatch):
    crowd = subject(body="\n".join([*lines, "return []"]), top="v0 = []\n", init="self.s = {'a'}")
    unparse, written = ast.unparse, []
    monkeypatch.setattr(ast, "unparse", lambda node: written.append(1) or unparse(node))
    rule_findings(crowd)
    # Writing a node out is the dearest thing that rules do; a quadratic rule does it a million times here.
    assert len(written) < 30 * len(lines)


CROWDS_BY_COUNT = {
    "a constant made of itself twice, and so on": ("top", lambda i: f"A{i + 1} = A{i} + A{i}"),
    "a name that is given again and again": ("body", lambda i: "x += x"),
    "attributes given each other": ("body", lambda i: f"self.a{i % 3} = str(self.a{(i + 1) % 3})"),
    "attributes given and read in a ring": (
        "body",
        lambda i: f"self.a{i % 3} = [*self.a{(i + 1) % 3}, self.b[self.a0 % 7]]; self.a{i % 3} += 1",
    ),
    "functions that call each other": (
        "top",
        lambda i: f"def f{i}(x):\n    return f{(7 * i + 1) % 50}(x) + f{(13 * i + 5) % 50}(x)",
    ),
    "calls of calls": ("body", lambda i: f"abs(abs(abs({i})))"),
}


@pytest.mark.parametrize("what", CROWDS_BY_COUNT)
def test_twice_the_lines_are_about_twice_the_work(what):
    """Counted in calls, which no other load of the machine changes: the square would be four times."""
    where, line = CROWDS_BY_COUNT[what]
    once, twice = (_calls(where, "\n".join(map(line, range(count)))) for count in (50, 100))
    assert twice < 2.7 * once


def _calls(where, lines):
    made = {"top": "A0 = 1\n", "body": "x = 1\n"}
    made[where] += lines
    crowd, count = subject(top=made["top"], body=f"{made['body']}\nreturn []"), [0]

    def counted(frame, event, argument):
        count[0] += event == "call"

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        rule_findings(crowd)
    finally:
        sys.setprofile(before)
    return count[0]


def test_assignments_that_cannot_be_followed_to_their_end_are_a_veto():
    assert "program" in checks(body="\n".join(CROWDS["assignments"]), top="v0 = []\n")


def test_ruff_informs_and_ignores_suppressions():
    found = list(ruff.findings(subject(body="unused = 1  # noqa\nreturn []")))
    assert ("static.ruff.F841", Severity.WARNING) in {(finding.check, finding.severity) for finding in found}


def test_ruff_vetoes_a_name_that_nothing_binds():
    found = list(ruff.findings(subject(body="return undefined_thing")))
    assert [finding.check for finding in vetoes(tuple(found))] == ["static.ruff.F821"]


def test_bandit_ignores_suppressions_and_vetoes_only_what_it_is_sure_of():
    source = b"import subprocess  # nosec\nsubprocess.Popen(line, shell=True)  # nosec\nassert 1\n"
    found = list(bandit.findings(Subject("strategy.py", source, None, LIMITS)))
    assert [finding.check for finding in vetoes(tuple(found))] == ["static.bandit.B602"]
    assert all("B101" not in finding.check for finding in found)


def test_a_tool_that_does_not_run_is_broken_and_no_approval(monkeypatch, tmp_path):
    monkeypatch.setattr(ruff, "find_ruff_bin", lambda: str(tmp_path / "nowhere"))
    with pytest.raises(Broken, match="ruff did not run"):
        static_findings(subject())


def test_a_tool_that_talks_nonsense_is_broken(monkeypatch, tmp_path):
    fake = tmp_path / "ruff"
    fake.write_text("#!/bin/sh\necho nonsense\n")
    fake.chmod(0o755)
    monkeypatch.setattr(ruff, "find_ruff_bin", lambda: str(fake))
    with pytest.raises(Broken, match="ruff"):
        static_findings(subject())


def test_bandit_that_cannot_read_a_file_is_broken():
    with pytest.raises(Broken, match="bandit did not read"):
        list(bandit.findings(Subject("strategy.py", b"def (:\n", None, LIMITS)))
