"""market.yaml: the market that candidates are judged on."""

import re

from alphaloop.facts.market import PROOF_S, Instrument, Market, WorldSpec
from alphaloop.rules.constitution.strict_yaml import Node, born, load
from alphaloop.rules.paths import trick

FILE = "market.yaml"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_SYMBOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}")


def market(content: bytes) -> Market:
    """The market; raises BadConfiguration with the line of what is wrong."""
    document = load(FILE, content)
    fields = document.mapping(
        ("instrument", "capital", "gamma", "episode_s", "world", "tapes"), ("messages_per_second", "proof_s")
    )
    capital, gamma, episode_s = (fields[name].number() for name in ("capital", "gamma", "episode_s"))
    instrument, world = _instrument(fields["instrument"]), _world(fields["world"])
    tapes = tuple(_tape(node) for node in fields["tapes"].items())
    if len(set(tapes)) != len(tapes):
        raise fields["tapes"].error("a tape is listed twice; keep one")
    stated = fields.get("messages_per_second")
    allowed = None if stated is None else stated.number()
    proof_s = fields["proof_s"].number() if "proof_s" in fields else PROOF_S
    return born(
        document, lambda: Market(instrument, capital, gamma, episode_s, world, tapes, allowed, proof_s)
    )


def _instrument(node: Node) -> Instrument:
    fields = node.mapping(
        ("symbol", "tick", "lot", "maker_bps", "taker_bps", "fees_assumed"), ("maintenance_margin",)
    )
    symbol = fields["symbol"].text()
    if not _SYMBOL.fullmatch(symbol):
        raise fields["symbol"].error(f"{symbol!r} is no symbol: letters, digits and . _ : / -")
    named = ("tick", "lot", "maker_bps", "taker_bps", "maintenance_margin")
    numbers = {name: fields[name].number() for name in named if name in fields}
    assumed = fields["fees_assumed"].flag()
    return born(node, lambda: Instrument(symbol=symbol, fees_assumed=assumed, **numbers))


def _world(node: Node) -> WorldSpec:
    fields = node.mapping(("name", "params"), ("tape",))
    params = {_name(name, value): value.number() for name, value in fields["params"].entries().items()}
    tape = _tape(fields["tape"]) if "tape" in fields else ""
    return WorldSpec(_name(fields["name"].text(), fields["name"]), tuple(sorted(params.items())), tape)


def _name(word: str, node: Node) -> str:
    if not _NAME.fullmatch(word):
        raise node.error(f"{word!r} is no name: small letters, digits, '_' and '-'")
    return word


def _tape(node: Node) -> str:
    """`name@sha256:…`: a recorded tape guards, or makes a world, only as long as it is the same tape."""
    pinned = node.text()
    name, _, digest = pinned.partition("@")
    if trick(name) or "/" in name:
        raise node.error(f"the tape {name!r}: {trick(name) or 'name a file, without folders'}")
    if not _DIGEST.fullmatch(digest):
        raise node.error(
            f"pin the tape {name!r} as in {name}@sha256:<64 digits>; `alphaloop ingest` prints it"
        )
    return pinned
