"""Workers that answer something else than they were asked: every rule of the conversation, broken once."""

import socket
import threading
from collections.abc import Callable
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.contract import Fill, Quote, Trade
from alphaloop.errors import StrategyFault
from alphaloop.ports import Sandbox
from alphaloop.sandbox import wire
from alphaloop.sandbox.allowance import Allowance
from alphaloop.sandbox.inside.answers import packed
from alphaloop.sandbox.line import Line
from alphaloop.sandbox.replies import quotes as unpacked
from alphaloop.sandbox.replies import whole_answer
from alphaloop.sandbox.worker import SocketWorker

Source = Callable[..., bytes]
BOOK = (1.0, 99.0, 101.0, 1.0, 1.0, 100.0, 0.0, 0.1, None, None, None)

RETURNED = [
    ("None", "returned None; return a list"),
    ("{}", "returned a dict"),
    ("()", "returned a tuple"),
    ("(q for q in ())", "returned a generator"),
    ('"buy"', "returned str 'buy'"),
    ("[None]", "a list with None in it"),
    ('[("buy", 1.0, 1.0)]', "a list with a tuple in it"),
    ('[Quote("hold", 1.0, 1.0)]', "side str 'hold'"),
    ("[Quote(1, 1.0, 1.0)]", "side int 1"),
    ("[Quote([], 1.0, 1.0)]", "side a list"),
    ('[Quote("buy", True, 1.0)]', "price bool True"),
    ('[Quote("buy", 2**53 + 1, 1.0)]', "price int 9007199254740993"),
    ('[Quote("buy", 1.0, 10 ** 400)]', "size int of 1329 bits"),
    ('[Quote("buy", 1.0, "1")]', "size str '1'"),
    ('[Quote("buy", None, 1.0)]', "price None"),
    ('[Quote("buy", 1.0, 1j)]', "size a complex"),
    ('[Quote("buy", float("nan"), 1.0)]', "price nan and size 1.0; both must be finite"),
    ('[Quote("sell", 1.0, float("inf"))]', "size inf"),
    ('[Quote("sell", -1e999, 1.0)]', "price -inf"),
    ('[Quote("buy", 1.0, 1.0)] * 10_000', "returned 10000 quotes"),
    ('[Quote("buy", 1.0, 1.0)] * 65', "65 quotes for one side"),
]


@pytest.mark.parametrize(("returned", "how"), RETURNED, ids=[returned for returned, _ in RETURNED])
def test_an_answer_that_is_no_list_of_quotes_is_named(
    sandbox: Sandbox, strategy: Source, returned: str, how: str
) -> None:
    with closing(sandbox.start(strategy(f"return {returned}"))) as worker:
        with pytest.raises(StrategyFault, match=f"^strategy.py: on_book .*{how}"):
            worker.on_book(BOOK)
        with pytest.raises(StrategyFault, match=how):
            worker.on_book(BOOK)


def test_whole_numbers_that_a_float_holds_are_numbers(sandbox: Sandbox, strategy: Source) -> None:
    with closing(sandbox.start(strategy('return [Quote("buy", 99, 1), Quote("sell", 101.0, 0)]'))) as worker:
        assert worker.on_book(BOOK) == [Quote("buy", 99.0, 1.0), Quote("sell", 101.0, 0.0)]


def test_as_many_quotes_as_are_allowed_come_through(sandbox: Sandbox, strategy: Source) -> None:
    body = 'return [Quote(side, 1.0, 2.0) for side in ("buy", "sell") for _ in range(64)]'
    with closing(sandbox.start(strategy(body))) as worker:
        assert worker.on_book(BOOK) == [Quote("buy", 1.0, 2.0)] * 64 + [Quote("sell", 1.0, 2.0)] * 64


@pytest.mark.parametrize("callback", ["on_trade", "on_fill", "on_timer"])
def test_what_a_callback_raises_is_told_with_its_line(
    sandbox: Sandbox, strategy: Source, callback: str
) -> None:
    source = strategy(
        "return []", f"def {callback}(self, event):\n    raise ValueError('caf\\xe9\\n' + 'x' * 9999)\n"
    )
    line = source.splitlines().index(b"        raise ValueError('caf\\xe9\\n' + 'x' * 9999)") + 1
    with closing(sandbox.start(source)) as worker:
        tell(worker, callback)
        with pytest.raises(StrategyFault) as fault:
            worker.on_book(BOOK)
    assert str(fault.value).startswith(f"strategy.py:{line}: {callback} raised ValueError: caf??xxx")
    assert len(str(fault.value)) < 400


def test_what_a_callback_raises_comes_out_at_the_latest_at_the_end(
    sandbox: Sandbox, strategy: Source
) -> None:
    worker = sandbox.start(strategy("return []", "def on_fill(self, fill):\n    1 / 0\n"))
    tell(worker, "on_fill")
    with pytest.raises(StrategyFault, match="on_fill raised ZeroDivisionError"):
        worker.close()
    worker.close()


def test_an_exception_that_lies_about_itself_does_no_harm(sandbox: Sandbox, strategy: Source) -> None:
    top = "class Evil(Exception):\n    def __str__(self):\n        raise self\n"
    with closing(sandbox.start(strategy("raise Evil", top=top))) as worker, pytest.raises(StrategyFault):
        worker.on_book(BOOK)


def header(sequence: int, kind: int, count: int) -> bytes:
    return wire.HEADER.pack(sequence, kind, 0, count)


GOOD = header(1, wire.ANSWER, 1) + wire.QUOTE.pack(1.0, 5.0, 5.0)
FORGED = [
    (b"", "gave no answer within"),
    (b"x", "gave no answer within"),
    (GOOD[:-1], "gave no answer within"),
    (b"x" * 100_000, "kind 120 and count 30840, which does not exist"),
    (GOOD + b"x", "1 or more bytes that nobody asked for"),
    (GOOD + GOOD, "32 or more bytes that nobody asked for"),
    (header(7, wire.ANSWER, 0), "answered request 7 when it was asked 1"),
    (header(1, wire.ANSWER, 129), "kind 19.* and count 129, which does not exist"),
    (header(1, 99, 0), "kind 99 and count 0, which does not exist"),
    (header(1, wire.READY, 0), "kind 16 where 19 was due"),
    (header(1, wire.UNAVAILABLE, 0) + bytes(356), "kind 17 where 19 was due"),
    (header(1, wire.ANSWER, 1) + wire.QUOTE.pack(3.0, 1.0, 1.0), "side 3.0, which does not exist"),
    (header(1, wire.ANSWER, 1) + wire.QUOTE.pack(float("nan"), 1.0, 1.0), "side nan, which does not exist"),
]


@pytest.mark.parametrize(("forged", "how"), FORGED, ids=[how for _, how in FORGED])
def test_bytes_that_are_no_answer_are_at_fault_and_the_rule_is_named(forged: bytes, how: str) -> None:
    ours, theirs = socket.socketpair()
    ended: list[bool] = []
    with ours, theirs:
        worker = lone_worker(ours, lambda: str(ended.append(True)))
        theirs.sendall(forged)
        with pytest.raises(StrategyFault, match=rf"^strategy\.py: .*{how}"):
            worker.on_book(BOOK)
    assert ended == [True]


@pytest.mark.parametrize("forged", [forged for forged, _ in FORGED[1:]], ids=[how for _, how in FORGED[1:]])
def test_a_frame_forged_by_a_strategy_is_found_out_at_the_latest_at_the_next_step(
    sandbox: Sandbox, strategy: Source, forged: bytes
) -> None:
    body = f"""
    import gc, socket
    line = next(each for each in gc.get_objects() if isinstance(each, socket.socket) and each.fileno() == 3)
    line.sendall({forged!r})
    return []
    """
    worker = sandbox.start(strategy(body))
    with pytest.raises(StrategyFault):
        assert [worker.on_book(BOOK) for _ in range(2)] == []
    worker.close()


def test_bytes_after_the_last_answer_are_found_at_the_end(sandbox: Sandbox, strategy: Source) -> None:
    more = """
    def on_timer(self, now):
        import gc, os, socket
        sockets = (each for each in gc.get_objects() if isinstance(each, socket.socket))
        line = next(each for each in sockets if each.fileno() == 3)
        real = os._exit
        def leave(code):
            line.sendall(b"late")
            real(code)
        os._exit = leave
    """
    worker = sandbox.start(strategy("return []", more))
    worker.on_timer(1.0)
    with pytest.raises(StrategyFault, match="nobody asked for"):
        worker.close()


@given(reply=st.binary(min_size=1, max_size=200), split=st.integers(0, 200))
def test_no_bytes_whatever_are_ever_taken_for_quotes_unless_they_are_an_answer(
    reply: bytes, split: int
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker = lone_worker(ours, lambda: "it was ended")
        theirs.sendall(reply)
        try:
            quotes = worker.on_book(BOOK)
        except StrategyFault:
            return
        sequence, kind, _, count = wire.HEADER.unpack_from(reply)
        assert (sequence, kind, len(quotes)) == (1, wire.ANSWER, count)
        assert len(reply) == wire.ANSWERS[count].size


@given(
    st.lists(
        st.builds(
            Quote,
            st.sampled_from(["buy", "sell"]),
            st.floats(allow_nan=False, allow_infinity=False),
            st.floats(allow_nan=False, allow_infinity=False),
        ),
        max_size=64,
    )
)
def test_finite_quotes_always_survive_the_wire(quotes: list[Quote]) -> None:
    reply = packed(5, quotes)
    assert len(reply) == wire.ANSWERS[len(quotes)].size
    answer = whole_answer(memoryview(reply), len(reply))
    assert answer is not None
    assert unpacked(answer) == quotes


@given(
    sent=st.sampled_from([wire.ANSWER, wire.READY, wire.HELLO, wire.RAISED, 0, 255]),
    told=st.integers(0, 200),
    size=st.integers(wire.HEADER.size, 5_000),
)
def test_only_bytes_of_the_kind_and_the_length_of_an_answer_are_ever_one(
    sent: int, told: int, size: int
) -> None:
    inbox = memoryview(wire.HEADER.pack(1, sent, 0, told) + bytes(5_000))
    whole = sent == wire.ANSWER and told <= wire.MAX_QUOTES and size == 8 + 24 * told
    assert (whole_answer(inbox, size) is not None) == whole
    if told <= wire.MAX_QUOTES:
        assert (whole_answer(inbox, 8 + 24 * told) is not None) == (sent == wire.ANSWER)


def test_an_answer_that_comes_in_pieces_is_one_answer() -> None:
    ours, theirs = socket.socketpair()
    reply = packed(1, [Quote("buy", 5.0, 6.0), Quote("sell", 7.0, 8.0)])
    with ours, theirs:
        worker = SocketWorker(Line(ours, Allowance(step_s=5.0), lambda: None), lambda: "it was ended")
        theirs.sendall(reply[:3])
        rest = threading.Timer(0.02, theirs.sendall, [reply[3:]])
        rest.start()
        assert worker.on_book(BOOK) == [Quote("buy", 5.0, 6.0), Quote("sell", 7.0, 8.0)]
        rest.join()


def test_finite_quotes_whose_sum_is_not_are_quotes() -> None:
    far = [Quote("buy", 1.7e308, 1.7e308), Quote("sell", -1.7e308, 1.7e308)]
    reply = packed(1, far)
    assert unpacked(whole_answer(memoryview(reply), len(reply)) or ()) == far


def lone_worker(ours: socket.socket, end: Callable[[], str]) -> SocketWorker:
    """A parent's side whose other end is the test."""
    return SocketWorker(Line(ours, Allowance(step_s=0.001, stall_s=0.002), lambda: None), end)


def tell(worker: SocketWorker, callback: str) -> None:
    if callback == "on_trade":
        worker.on_trade(Trade("buy", 1.0, 1.0, 1.0))
    elif callback == "on_fill":
        worker.on_fill(Fill("sell", 1.0, 1.0, 1.0))
    else:
        worker.on_timer(1.0)
