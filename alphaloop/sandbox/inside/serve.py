"""Inside the worker: hear a request, let the strategy act, answer; until the parent says farewell."""

import os
import socket
from types import TracebackType
from typing import Any, Final, NoReturn

from alphaloop.contract import Book, Fill, Trade
from alphaloop.sandbox import wire
from alphaloop.sandbox.inside.answers import Malformed, packed, shown
from alphaloop.sandbox.inside.birth import FILE, Unfit, module_from, strategy_of
from alphaloop.sandbox.inside.outliving import changed, outliving
from alphaloop.sandbox.inside.watching import Watch
from alphaloop.sandbox.newborn import new_book

# Looked up once: these are of every step.
_header: Final = wire.HEADER.unpack_from
_numbers: Final = wire.NUMBERS.unpack_from
_BOOK: Final = wire.BOOK
_REQUEST_BYTES: Final = wire.REQUEST.size
_NUMBERS_AT: Final = wire.HEADER.size
_STREAMS_AT: Final = _NUMBERS_AT + wire.NUMBERS.size
_SIDES = {wire.TRADE_BUY: "buy", wire.TRADE_SELL: "sell", wire.FILL_BUY: "buy", wire.FILL_SELL: "sell"}


class Gone(Exception):
    """The parent closed the socket.  Nobody has to act: the worker ends."""


class Server:
    """One strategy and the socket to the parent.  All of this is within reach of the strategy's own code."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.request = memoryview(bytearray(wire.MAX_REQUEST))
        # Looked up once: these are called at every step.
        self._recv_into, self._sendall = line.recv_into, line.sendall
        self.sequence = 0
        self.where = ""
        self.watch: Watch | None = None

    def run(self) -> None:
        """Serve until the end.  Whatever the strategy raises ends it with a reply that says so."""
        try:
            self._be_born()
            while self._serve():
                pass
        except Gone:
            pass
        except Malformed as malformed:
            self._confess(wire.MALFORMED, malformed, 0)
        except BaseException as error:  # noqa: BLE001 - the strategy's door: SystemExit and the like are its faults too
            self._confess(wire.RAISED, error, _line_in_strategy(error))

    def _be_born(self) -> None:
        self._sendall(wire.HEADER.pack(0, wire.READY, 0, 0))
        head = self._receive_exactly(wire.LENGTH.size)
        source = self._receive_exactly(wire.LENGTH.unpack(head)[0])
        self.where = "loading"
        self.module = module_from(source)
        self.outliving = outliving(self.module)
        strategy = strategy_of(self.module)
        self.on_book = strategy.on_book
        self.on_trade: Any = getattr(strategy, "on_trade", None)
        self.on_fill: Any = getattr(strategy, "on_fill", None)
        self.on_timer: Any = getattr(strategy, "on_timer", None)
        mask = wire.ON_TRADE * callable(self.on_trade) | wire.ON_FILL * callable(self.on_fill)
        self._sendall(wire.HEADER.pack(0, wire.HELLO, mask | wire.ON_TIMER * callable(self.on_timer), 0))

    def _serve(self) -> bool:
        size: int = self._recv_into(self.request)
        if size < _REQUEST_BYTES:
            size = self._read_on(size, _REQUEST_BYTES)
        header: tuple[int, int, int, int] = _header(self.request)
        self.sequence, kind, mask, count = header
        if count:
            end = _REQUEST_BYTES + count * wire.EVENT.size
            self._read_on(size, end)
            self._deliver(end)
        if kind == _BOOK:
            self._sendall(packed(self.sequence, self._answer(mask)))
            return True
        if kind == wire.WATCH:
            self._sendall(self._seen())
            return True
        if kind == wire.FAREWELL and (name := changed(self.outliving, outliving(self.module))):
            raise Malformed(f"{name} was changed while the strategy ran; its memory is self and nothing else")
        self._sendall(packed(self.sequence, ()))
        return kind != wire.FAREWELL

    def _answer(self, mask: int) -> list[Any]:
        self.where = "on_book"
        returned = self.on_book(self._book(mask))
        if not isinstance(returned, list):
            raise Malformed(f"on_book returned {shown(returned)}; return a list of Quote")
        return returned

    def _book(self, mask: int) -> Book:
        fields = _numbers(self.request, _NUMBERS_AT)
        if mask:
            streams = wire.STREAMS.unpack_from(self.request, _STREAMS_AT)
            fields += tuple(number if mask & 1 << bit else None for bit, number in enumerate(streams))
        return new_book(*fields)

    def _seen(self) -> bytes:
        if self.watch is None:
            self.watch = Watch(self.on_book)
            self.on_book = self.watch.on_book
        return self.watch.reply(self.sequence)

    def _read_on(self, size: int, end: int) -> int:
        while 0 < size < end:
            more = self._recv_into(self.request[size:])
            size = size + more if more else 0
        if not size:
            raise Gone
        return size

    def _deliver(self, end: int) -> None:
        for code, price, amount, time in wire.EVENT.iter_unpack(self.request[_REQUEST_BYTES:end]):
            if code == wire.TIMER:
                self.where = "on_timer"
                self.on_timer(time)
            elif code in (wire.TRADE_BUY, wire.TRADE_SELL):
                self.where = "on_trade"
                self.on_trade(Trade(_SIDES[code], price, amount, time))
            else:
                self.where = "on_fill"
                self.on_fill(Fill(_SIDES[code], price, amount, time))

    def _receive_exactly(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            part = self.line.recv(size - len(parts))
            if not part:
                raise Gone
            parts += part
        return bytes(parts)

    def _confess(self, kind: int, error: BaseException, line: int) -> None:
        name = "" if isinstance(error, Malformed | Unfit) else type(error).__name__
        self._sendall(fault_reply(self.sequence, kind, line, self.where, name, str(error)))


def fault_reply(sequence: int, kind: int, line: int, where: str, name: str, message: str) -> bytes:
    """The reply that says what went wrong, every text cut to its field."""
    texts = (_ascii(where, 32), _ascii(name, 64), _ascii(message, 256))
    return wire.FAULT.pack(sequence, kind, 0, 0, min(max(line, 0), 0xFFFFFFFF), *texts)


def end_process() -> NoReturn:
    """End without running what the strategy may have registered for the end."""
    os._exit(0)


def _ascii(text: str, limit: int) -> bytes:
    return wire.printable(text, limit).encode("ascii")


def _line_in_strategy(error: BaseException) -> int:
    """The last line of strategy.py that the error went through, or 0."""
    if isinstance(error, SyntaxError) and error.filename == FILE:
        return error.lineno or 0
    line = 0
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
