"""SSH signatures as git writes them into commits (PROTOCOL.sshsig of OpenSSH), ed25519 only.

Exactly one spelling of a signature is accepted, the one that ssh-keygen itself would write: otherwise
somebody could change bytes of a commit, and with them its id, without the signature noticing.
"""

import base64
import binascii
import hashlib
import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from alphaloop.errors import Untrusted

NAMESPACE = b"git"
_KIND = b"ssh-ed25519"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
# Where the raw public key stands in the signature's binary form; the raw signature is its last 64 bytes.
_PUBLIC_AT = len(b"SSHSIG") + 4 + 4 + 4 + len(_KIND) + 4


def signed(private: Ed25519PrivateKey, payload: bytes) -> str:
    """The armoured signature over `payload`; deterministic, as ed25519 is."""
    raw = private.sign(_to_sign(payload))
    return _armoured(private.public_key().public_bytes_raw(), raw)


def verified_key(payload: bytes, armour: str) -> bytes:
    """The raw public key (32 bytes) that signed `payload`; Untrusted when the signature does not hold."""
    blob = _binary(armour)
    public, raw = blob[_PUBLIC_AT : _PUBLIC_AT + 32], blob[-64:]
    if _armoured(public, raw) != armour:
        raise Untrusted("a signature is not spelled as ssh-keygen writes ed25519: find out who wrote it")
    try:
        # Its spelling is ours, so namespace, digest and kind of key are what is signed over here.
        Ed25519PublicKey.from_public_bytes(public).verify(raw, _to_sign(payload))
    except (InvalidSignature, ValueError) as wrong:
        raise Untrusted("a signature does not fit what it signs: find out who changed it") from wrong
    return public


def public_line(public: bytes) -> str:
    """A raw public key as OpenSSH writes it: `ssh-ed25519 AAAA…`."""
    return f"{_KIND.decode()} {base64.b64encode(_string(_KIND) + _string(public)).decode()}"


def fingerprint(public: bytes) -> str:
    """The name of a raw public key as `ssh-keygen -l` prints it: `SHA256:…`."""
    digest = hashlib.sha256(_string(_KIND) + _string(public)).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def _to_sign(payload: bytes) -> bytes:
    digest = hashlib.sha512(payload).digest()
    return b"SSHSIG" + b"".join(map(_string, (NAMESPACE, b"", b"sha512", digest)))


def _armoured(public: bytes, raw: bytes) -> str:
    key = _string(_KIND) + _string(public)
    signature = _string(_KIND) + _string(raw)
    blob = b"SSHSIG" + struct.pack(">I", 1)
    blob += b"".join(map(_string, (key, NAMESPACE, b"", b"sha512", signature)))
    text = base64.b64encode(blob).decode()
    lines = [text[place : place + 70] for place in range(0, len(text), 70)]
    return "\n".join([_BEGIN, *lines, _END, ""])


def _binary(armour: str) -> bytes:
    try:
        return base64.b64decode("".join(armour.splitlines()[1:-1]), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise Untrusted("a signature is not base64: find out who wrote it") from wrong


def _string(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + content
