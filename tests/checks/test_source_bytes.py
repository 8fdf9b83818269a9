"""The bytes stage: what is no plain UTF-8 program never reaches a rule, and never stops the gate."""

from hypothesis import given, settings
from hypothesis import strategies as st

from alphaloop.checks.source import MAX_BYTES, bytes_findings
from alphaloop.checks.static.table import rule_findings
from alphaloop.checks.subject import Subject
from alphaloop.facts.finding import Severity, vetoes
from alphaloop.facts.market import Limits

LIMITS = Limits(10.0, 5.0, 1_000.0, 2.0, 0.1, 500.0, 5, 50.0, 0.5, 400.0)


def judged(data):
    subject = Subject("strategy.py", data, None, LIMITS)
    return bytes_findings(subject) or rule_findings(subject)


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_random_bytes_are_never_a_strategy_and_never_a_crash(data):
    assert vetoes(judged(data))


@given(st.text(alphabet="()[]{}+-*~:.,=ablmdifnot \n\t'\"#\\", max_size=200))
@settings(max_examples=300, deadline=None)
def test_random_syntax_is_never_a_strategy_and_never_a_crash(text):
    assert vetoes(judged(text.encode()))


def test_ten_thousand_brackets_are_a_finding():
    assert [finding.check for finding in judged(b"x = " + b"(" * 10_000 + b")" * 10_000)] == ["bytes.shape"]


def test_every_way_of_nesting_is_a_finding():
    for deep in (
        b"x = " + b"-" * 990 + b"1",
        b"x = 1" + b"+1" * 450,
        b"x = a" + b".b" * 490,
        b"not " * 240 + b"x",
    ):
        (finding,) = judged(deep)
        assert finding.check == "bytes.program"
        assert "deep" in finding.message


def test_ten_megabytes_are_a_finding_and_are_not_parsed():
    (finding,) = judged(b"x = 1\n" * 1_700_000)
    assert finding.check == "bytes.size"
    assert str(MAX_BYTES) in finding.message


def test_a_finding_names_file_and_line():
    (finding,) = judged(b"x = 1\ny = '\xff'\n")
    assert (finding.file, finding.line, finding.severity) == ("strategy.py", 2, Severity.VETO)


def test_a_cookie_that_says_utf8_is_honest():
    for cookie in (b"# -*- coding: utf-8 -*-\n", b"# coding=UTF-8\n", b"# vim: set fileencoding=utf_8 :\n"):
        assert bytes_findings(Subject("strategy.py", cookie + b"x = 1\n", None, LIMITS)) == ()


def test_prose_in_comments_and_texts_may_use_its_own_letters():
    source = '"""Avellaneda–Stoikov, γ and σ√dt."""\n# naïve\nMESSAGE = "spread ≥ 0"\n'
    assert bytes_findings(Subject("strategy.py", source.encode(), None, LIMITS)) == ()
