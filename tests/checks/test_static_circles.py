"""Who reaches itself: the quick answer is the plain one's, however large the graph."""

from hypothesis import given, settings
from hypothesis import strategies as st

from alphaloop.checks.static.circles import in_circles

NODES = st.integers(0, 8)


def reached(references, start):
    """The plain way: follow everything from one node."""
    found, todo = set(), [*references.get(start, ())]
    while todo:
        node = todo.pop()
        if node not in found:
            found.add(node)
            todo.extend(references.get(node, ()))
    return found


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(NODES, st.sets(NODES, max_size=4)))
def test_who_reaches_itself_is_always_found_and_nobody_else(references):
    assert in_circles(references) == {node for node in references if node in reached(references, node)}


def test_a_chain_is_no_circle_and_its_ends_joined_are_one():
    chain = {node: {node + 1} for node in range(20_000)}
    assert in_circles(chain) == set()
    assert len(in_circles({**chain, 20_000: {0}})) == 20_001
