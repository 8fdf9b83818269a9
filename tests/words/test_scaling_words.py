"""What people read of a scaling: by whom it is, why no tournament was played, and what the way back is."""

from alphaloop.facts.change import Change, Scaling, State
from alphaloop.words import scaling_line, scaling_rests_on, scaling_story, status_answer

MORE = Scaling(10.0, 12.5, ("human:alice", "human:bob"))
CHANGE = Change(7, "human:alice", "more", "b/7", "b" * 40, "a" * 40, "c" * 40, (), True, (), MORE)


def test_a_scaling_is_told_with_its_people_its_limits_and_its_way_back():
    assert scaling_line(MORE) == "a scaling: MAX_POSITION goes from 10 to 12.5"
    assert scaling_story(CHANGE, MORE) == (
        "It is a scaling: MAX_POSITION goes from 10 to 12.5, and nothing else of the strategy changes. "
        "Signed by human:alice and human:bob, answering for it: no improvement is claimed, so "
        "no tournament was played and nothing was taken from the error budget. It is judged by "
        "the limits of its own head `aaaaaaaaaaaa`, under which it is to run; it runs as a canary, "
        "and a rollback puts strategy and limits back together."
    )
    rests_on = scaling_rests_on(CHANGE, MORE)
    assert "(MAX_POSITION 12.5); no tournament: human:alice and human:bob asked for it" in rests_on
    assert scaling_story(CHANGE, MORE) in status_answer(CHANGE, State.PROPOSED, None, (), (), "")


def test_holding_less_says_that_it_has_no_canary():
    less = Scaling(10.0, 5.0, ("human:alice",))
    assert "MAX_POSITION goes from 10 to 5" in scaling_story(CHANGE, less)
    assert "at once, without a canary, because its way back would loosen a limit" in scaling_story(
        CHANGE, less
    )
