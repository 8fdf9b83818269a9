"""What stands behind a verb: nothing but what it must be, and a refusal says what to write instead."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import Refused, Stale
from alphaloop.facts.override import LONGEST
from alphaloop.rules.arguments import bounded, last_day, names_head, nothing, reason

HEAD = "0123456789abcdef0123456789abcdef01234567"
TODAY = date(2026, 3, 1)


@given(st.text(alphabet="0123456789abcdefABCDEF g~^{}:@-", max_size=50))
def test_only_twelve_or_more_digits_of_the_head_ever_name_it(a_change, text):
    change = a_change(head=HEAD)
    if len(text) >= 12 and HEAD.startswith(text.lower()):
        names_head(text, change, "approve")
        return
    with pytest.raises(Refused, match=f"`/alphaloop approve {HEAD[:12]}`"):
        names_head(text, change, "approve")


@pytest.mark.parametrize("digits", range(41))
def test_a_head_is_named_by_twelve_to_forty_digits(a_change, digits):
    change = a_change(head=HEAD)
    if digits >= 12:
        names_head(HEAD[:digits], change, "merge")
    else:
        with pytest.raises(Refused):
            names_head(HEAD[:digits], change, "merge")


def test_what_was_the_head_is_stale(a_change):
    with pytest.raises(Stale, match="is not the head"):
        names_head("f" * 12, a_change(head=HEAD), "approve")


WIDE = str.maketrans("0123456789", "".join(map(chr, range(0xFF10, 0xFF1A))))
ARABIC = str.maketrans("0123456789", "".join(map(chr, range(0x660, 0x66A))))
TWENTY = "0123456789" * 2


@pytest.mark.parametrize(
    "digits", [TWENTY.translate(WIDE), TWENTY.translate(ARABIC), f"{TWENTY}\u200b", "HEAD", "-" * 12]
)
def test_what_only_looks_like_digits_is_none(a_change, digits):
    with pytest.raises(Refused, match="is no commit"):
        names_head(digits, a_change(head=HEAD), "approve")


def test_a_reason_is_there_and_short_enough_to_be_read():
    assert reason("it bleeds", "veto") == "it bleeds"
    assert bounded("", "hold") == ""
    for wrong in ("", "x" * 501):
        with pytest.raises(Refused, match="500 characters"):
            reason(wrong, "veto")
    with pytest.raises(Refused, match="takes nothing"):
        nothing("now", "close")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "today",
        "2026-3-5",
        "20260305",
        "2026-W10-4",
        "2026-02-30",
        "05.03.2026",
        "2026-03-05".translate(WIDE),
    ],
)
def test_a_day_has_one_spelling(text):
    with pytest.raises(Refused, match="is no day"):
        last_day(text, TODAY)


@given(st.integers(-400, 400))
def test_an_override_lasts_from_today_to_thirty_days_on(days):
    day = TODAY + timedelta(days=days)
    if timedelta(0) <= timedelta(days=days) <= LONGEST:
        assert last_day(day.isoformat(), TODAY) == day
        return
    with pytest.raises(Refused, match="from today, 2026-03-01, to 2026-03-31"):
        last_day(day.isoformat(), TODAY)
