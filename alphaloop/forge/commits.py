"""Commits as bytes: built, signed, taken apart and checked in this process.

What a commit claims and who signed it are two things in git; here they must be one.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from alphaloop.errors import Untrusted
from alphaloop.facts.role import address
from alphaloop.forge import signature
from alphaloop.forge.keys.signers import Ring
from alphaloop.forge.objects import Object, object_id

_IDENTITY = re.compile(r"[^<>\n]* <([^<>\n]*)> (\d+) [+-]\d{4}")
_SIGNED_BY = b"gpgsig "
NOBODY = "nobody ("
"""How whoever made a forged commit is called; no principal has such a name."""
_LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit taken apart: payload is what was signed, armour the signature or "" without one.

    committer: the address that the commit claims; seconds: since 1970, as claimed.
    """

    id: str
    tree: str
    parents: tuple[str, ...]
    committer: str
    seconds: int
    message: str
    payload: bytes
    armour: str

    def trailer(self, name: str) -> str:
        """The value of the last line `name: value` of the message, or ""."""
        lines = self.message.splitlines()
        return next((line.split(": ", 1)[1] for line in reversed(lines) if line.startswith(f"{name}: ")), "")


def payload(tree: str, parents: Sequence[str], principal: str, message: str, seconds: int) -> bytes:
    """What `principal` signs: the commit without its signature; author and committer are the signer."""
    who = f"{principal} <{address(principal)}> {seconds} +0000"
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents), f"author {who}", f"committer {who}"]
    text = "\n".join(lines) + "\n\n" + message.strip("\n") + "\n"
    return text.replace("\0", "").encode("utf-8", "replace")


def now() -> int:
    """Seconds since 1970, as a commit claims them; nothing is ever decided by this claim."""
    return int(time.time())


def sealed(content: bytes, armour: str) -> Object:
    """The commit of `content` with its signature as the last header, where git puts it."""
    header, _, message = content.partition(b"\n\n")
    lines = b"\n ".join(armour.rstrip("\n").encode().split(b"\n"))
    return Object("commit", header + b"\n" + _SIGNED_BY + lines + b"\n\n" + message)


def parsed(raw: bytes) -> Commit:
    """A commit taken apart; raises Untrusted when its headers are not those of a plain commit."""
    identity = object_id("commit", raw)
    content, armour = _unsealed(raw, identity)
    headers = content.partition(b"\n\n")[0].decode("utf-8", "replace").split("\n")
    tree, parents, rest = headers[0], [], headers[1:]
    while rest and rest[0].startswith("parent "):
        parents.append(rest.pop(0).removeprefix("parent "))
    committer = _IDENTITY.fullmatch(rest[1].removeprefix("committer ")) if len(rest) > 1 else None
    if not (tree.startswith("tree ") and rest[0].startswith("author ") and committer):
        raise Untrusted(f"commit {identity} has malformed headers: find out who wrote it")
    message = content.partition(b"\n\n")[2].decode("utf-8", "replace")
    seconds = int(committer[2])
    tree = tree.removeprefix("tree ")
    return Commit(identity, tree, tuple(parents), committer[1], seconds, message, content, armour)


def former_signer(commit: Commit, ring: Ring) -> str:
    """Whose key signed `commit` when it is one that was taken away, "" else; for what was not yet judged."""
    principal = ring.former.get(_key(commit), "") if ring.former else ""
    if principal and commit.committer != address(principal):
        raise _forged(commit, principal)
    return principal


def committer(commit: Commit, ring: Ring) -> str:
    """Who signed a commit, as far as their key is in force: roles.yaml knows nobody of the other spelling."""
    former = former_signer(commit, ring)
    return f"{former} (with a key that was taken away)" if former else signer(commit, ring)


def committer_or_nobody(commit: Commit, ring: Ring) -> str:
    """The same; nobody for a forged commit, so that it speaks against its own change and stops no other."""
    try:
        return committer(commit, ring)
    except Untrusted as forged:
        # What a commit claims stands in it, and may be any bytes of any length.
        words = "".join(letter if letter.isprintable() else "?" for letter in str(forged))
        return f"{NOBODY}{words[:_LONGEST_WORDS]})"


def signer(commit: Commit, ring: Ring) -> str:
    """The principal whose key signed `commit`; raises Untrusted unless it is the committer that it claims."""
    public = _key(commit)
    principal = ring.principal_of(public)
    if principal is None and public in ring.former:
        whose = ring.former[public]
        raise Untrusted(f"commit {commit.id} is signed with a key of {whose} that was taken away")
    if principal is None:
        raise Untrusted(f"commit {commit.id} is signed with a key that no principal of this repository has")
    if commit.committer != address(principal):
        raise _forged(commit, principal)
    return principal


def _key(commit: Commit) -> bytes:
    """The raw public key that signed `commit`, whoever's it is."""
    if not commit.armour:
        raise Untrusted(
            f"commit {commit.id} carries no signature: sign it with a key of keys/allowed_signers"
        )
    try:
        return signature.verified_key(commit.payload, commit.armour)
    except Untrusted as wrong:
        raise Untrusted(f"commit {commit.id}: {wrong}") from wrong


def _forged(commit: Commit, principal: str) -> Untrusted:
    return Untrusted(
        f"commit {commit.id} claims {commit.committer} and is signed by {principal}: somebody forged it"
    )


def _unsealed(raw: bytes, identity: str) -> tuple[bytes, str]:
    header, blank, message = raw.partition(b"\n\n")
    before, mark, after = header.partition(b"\n" + _SIGNED_BY)
    if not mark:
        return raw, ""
    armour = after.replace(b"\n ", b"\n").decode("ascii", "replace") + "\n"
    content = before + blank + message
    if b"\ngpgsig" in before or sealed(content, armour).content != raw:
        raise Untrusted(f"commit {identity} carries its signature in an unusual place: find out who wrote it")
    return content, armour
