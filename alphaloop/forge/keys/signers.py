"""Who may sign: the public keys of a repository, in OpenSSH's allowed-signers format."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from alphaloop.errors import BadConfiguration, Misuse
from alphaloop.facts.role import address, is_human
from alphaloop.forge.signature import public_line

PATH = "keys/allowed_signers"
_PRINCIPAL = re.compile(r"(human:[A-Za-z0-9][A-Za-z0-9_-]{0,62}|[a-z][a-z0-9_-]{0,62})")
_LINE = re.compile(r'(\S+)@alphaloop\.invalid namespaces="git" ssh-ed25519 (\S+)')
_HEADER = bytes.fromhex("0000000b") + b"ssh-ed25519" + bytes.fromhex("00000020")


@dataclass(frozen=True, slots=True)
class Ring:
    """principal → raw ed25519 public key; each principal has one key and each key one principal, for ever.

    former: keys that were replaced or revoked → whose they were; they sign nothing any more.
    """

    keys: Mapping[str, bytes]
    former: Mapping[bytes, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(set(self.keys.values())) != len(self.keys):
            raise BadConfiguration(f"{PATH}: one key stands under two principals: give each its own key")
        if any(key in self.former for key in self.keys.values()):
            raise BadConfiguration(f"{PATH}: a key that was taken away never comes back: make a new one")
        if not any(is_human(principal) for principal in self.keys):
            raise BadConfiguration(f"{PATH}: no human has a key: a desk keeps at least one human")
        for principal in self.keys:
            checked_principal(principal)

    def principal_of(self, public: bytes) -> str | None:
        """Whose key this is, or None."""
        return next((principal for principal, key in self.keys.items() if key == public), None)


def written(ring: Ring) -> str:
    """The allowed-signers file of `ring`, one line for each principal."""
    lines = [f'{address(who)} namespaces="git" {public_line(key)}' for who, key in ring.keys.items()]
    return "\n".join(lines) + "\n"


def read(text: str, source: str = PATH) -> Ring:
    """The ring that an allowed-signers file states; raises BadConfiguration with its line.

    Only the lines that `written` makes are taken: no wildcards, lists, certificate authorities or dates,
    because each of these has let a signature count that nobody meant to allow.
    """
    keys: dict[str, bytes] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise BadConfiguration(
                f'{source}:{number}: write `<principal>@alphaloop.invalid namespaces="git" ssh-ed25519 '
                "<key>`, with neither wildcards nor other options"
            )
        principal = match[1].replace("human.", "human:", 1) if match[1].startswith("human.") else match[1]
        if not _PRINCIPAL.fullmatch(principal) or principal in keys:
            raise BadConfiguration(f"{source}:{number}: {match[1]!r} is no principal, or is listed twice")
        keys[principal] = _public(match[2], f"{source}:{number}")
    return Ring(keys)


def to_body(ring: Ring) -> dict[str, str]:
    """The ring as JSON values: principal → OpenSSH public key."""
    return {principal: public_line(key) for principal, key in ring.keys.items()}


def from_body(body: object, source: str) -> Ring:
    """The ring that `to_body` wrote; raises BadConfiguration when it is none."""
    if not isinstance(body, dict) or not all(isinstance(line, str) for line in body.values()):
        raise BadConfiguration(f"{source}: keys must map each principal to its OpenSSH public key")
    return Ring({who: public_key(line, source) for who, line in body.items()})


def public_key(line: str, source: str) -> bytes:
    """The raw key of an OpenSSH public key line without a comment; raises BadConfiguration for another."""
    kind, _, text = line.partition(" ")
    if kind != "ssh-ed25519":
        raise BadConfiguration(f"{source}: write the key as in `ssh-ed25519 AAAA…`, and nothing beside it")
    return _public(text, source)


def checked_principal(principal: str) -> str:
    """`principal` itself; raises Misuse when it could not stand in a path, an address or a branch name."""
    if not _PRINCIPAL.fullmatch(principal) or principal in ("human", "ledger"):
        raise Misuse(
            f"{principal!r} is no principal: use a seat's name, or human:<login> of letters and digits"
        )
    return principal


def _public(text: str, where: str) -> bytes:
    try:
        blob = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise BadConfiguration(f"{where}: the key is not base64: copy it again from the .pub file") from wrong
    if len(blob) != len(_HEADER) + 32 or not blob.startswith(_HEADER):
        raise BadConfiguration(
            f"{where}: the key is not an ed25519 key: make one with `ssh-keygen -t ed25519`"
        )
    return blob[-32:]
