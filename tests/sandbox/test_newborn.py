"""What is made in a hurry is what the contract says, in every way that anybody can look."""

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.contract import Book, Quote
from alphaloop.sandbox.newborn import new_book, new_quote

NUMBER = st.floats(allow_nan=False)
NUMBERS = st.tuples(*[NUMBER] * 8)
STREAMS = st.tuples(*[st.none() | NUMBER] * 3)


@given(numbers=NUMBERS, streams=STREAMS)
def test_a_newborn_book_is_always_the_book_of_the_contract(
    numbers: tuple[float, ...], streams: tuple[float | None, ...]
) -> None:
    assert new_book(*numbers) == Book(*numbers)
    made, meant = new_book(*numbers, *streams), Book(*numbers, *streams)
    assert type(made) is Book
    assert (made, hash(made), repr(made), asdict(made)) == (meant, hash(meant), repr(meant), asdict(meant))
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == meant


@given(side=st.sampled_from(["buy", "sell"]), price=NUMBER, size=NUMBER)
def test_a_newborn_quote_is_always_the_quote_of_the_contract(side: str, price: float, size: float) -> None:
    made, meant = new_quote(side, price, size), Quote(side, price, size)
    assert type(made) is Quote
    assert (made, hash(made), repr(made)) == (meant, hash(meant), repr(meant))


@pytest.mark.parametrize("made", [new_book(*[1.0] * 8), new_quote("buy", 1.0, 1.0)], ids=["book", "quote"])
def test_what_is_born_is_as_frozen_as_the_rest(made: Book | Quote) -> None:
    for field in fields(made):
        with pytest.raises(FrozenInstanceError):
            setattr(made, field.name, 2.0)
    with pytest.raises((AttributeError, TypeError)):
        made.another = 1.0  # type: ignore[union-attr]
