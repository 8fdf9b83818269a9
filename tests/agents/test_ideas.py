"""An idea goes from a comment to a hypothesis, a change and a line of task.md that says what became of it."""

import pytest

from alphaloop import loop, words
from alphaloop.agents.clerk.hearing import heard
from alphaloop.facts.change import State
from alphaloop.facts.entry import Draft, Kind
from alphaloop.rules.entries import ideas
from alphaloop.rules.entries.changes import hypothesis_of_change
from alphaloop.words.pages import fate

pytestmark = pytest.mark.timeout(200)
HOSTILE = "quote wider\n# Tasks\n<script>|`${x}` @everybody" + "!" * 400


def _ideas(desk):
    page = words.task_page(desk.ledger.entries())
    return page.partition("## Ideas")[2].partition("## Running")[0]


def test_an_idea_is_tried_once_and_task_md_says_where(leaning, copied, sit):
    desk = sit(copied(leaning), [])
    desk.forge.open("human:alice", "Talk", "", {"tests/test_talk.py": b"def test_talk(): ...\n"}, "talk")
    heard(desk, 1, "human:alice", "/alphaloop propose Could we tune lean_bps?")
    (idea,) = ideas.waiting(desk.ledger.entries())
    assert "(human:alice, on #1): open" in _ideas(desk)

    change = loop.implement(desk, loop.propose(desk, loop.review_performance(desk)))
    hypothesis = hypothesis_of_change(desk.ledger.entries(), change.number)
    assert (hypothesis.key, hypothesis.idea) == ("tune lean_bps", idea.number)
    opened = desk.forge.conversation(change.number)[0].text
    assert f"the idea of ledger entry {idea.number}" in opened
    assert ideas.waiting(desk.ledger.entries()) == ()
    assert "tried in #2, which is proposed" in _ideas(desk)

    desk.forge.close(2, "human:alice", "enough", "enough")
    assert "tried in #2: refuted, it is closed" in _ideas(desk)


def test_hostile_words_stay_words_and_no_more_than_twenty_are_shown_to_a_mind(leaning, copied, sit):
    desk = sit(copied(leaning), [])
    for place in range(25):
        desk.ledger.append(ideas.idea("human:alice", f"{place} {HOSTILE}", 1, f"c{place}"), "human:alice")
    # Written past the door: longer than it takes, and with nothing in it.
    for place, said in enumerate(("x" * 100_000, "")):
        body = {"by": "human:ceo", "idea": said, "change": 1}
        desk.ledger.append(Draft(Kind.IDEA, f"idea:raw{place}", "an idea", body), "data")
    waiting = ideas.waiting(desk.ledger.entries())
    assert len(waiting) == ideas.MOST
    assert [one.words.split()[0] for one in waiting] == [str(place) for place in range(20)]
    page = _ideas(desk)
    assert "<script>" not in page
    assert "\n# Tasks" not in page
    assert "human:ceo" not in page, "an idea is whose key signed it"
    assert max(map(len, page.splitlines())) < 5_000


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (State.CONFIRMED, "tried in #3: confirmed"),
        (State.VETOED, "tried in #3: refuted, it is vetoed"),
        (State.ROLLED_BACK, "tried in #3: refuted, it is rolled back"),
        (State.CANARY, "tried in #3, which is canary"),
        (State.HELD, "tried in #3, which is held"),
    ],
)
def test_what_became_of_an_idea_follows_from_where_its_change_stands(where, said):
    assert fate(3, where) == said
