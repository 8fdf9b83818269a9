"""DSSE envelopes: a payload, its type, and exactly one ed25519 signature over both.

What is read from an envelope is its verified payload and nothing else. Like a commit's signature, an envelope
has exactly one spelling here: no byte of it can change without somebody noticing.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.signer import CryptoSigner, SSlibKey

from alphaloop.errors import Misuse, Untrusted
from alphaloop.forge.signature import fingerprint

IN_TOTO = "application/vnd.in-toto+json"
MOST_BYTES = 4 * 1024 * 1024
"""Of a payload: the 500 findings that a verdict records, each of 1,000 letters, have a sixth of it."""
_SIGNATURE_BYTES = 64
_SCHEME = "ed25519"


def sealed(private: Ed25519PrivateKey, payload: bytes) -> dict[str, Any]:
    """The envelope of `payload` as JSON values, signed; the same words give the same envelope."""
    if len(payload) > MOST_BYTES:
        raise Misuse(f"a statement has at most {MOST_BYTES} bytes, not {len(payload)}: say less in it")
    envelope = Envelope(payload, IN_TOTO, {})
    envelope.sign(CryptoSigner(private, _key(private.public_key().public_bytes_raw())))
    spelled: dict[str, Any] = envelope.to_dict()
    return spelled


def opened(carried: object, public: bytes, where: str) -> bytes:
    """The payload of an envelope that the holder of the raw key `public` signed; Untrusted for any other."""
    fields = _exactly(carried, ("payload", "payloadType", "signatures"), f"the envelope of {where}")
    if fields["payloadType"] != IN_TOTO:
        raise Untrusted(f"the envelope of {where} carries {str(fields['payloadType'])[:80]!r}, not {IN_TOTO}")
    signatures = fields["signatures"]
    if not isinstance(signatures, list) or len(signatures) != 1:
        raise Untrusted(
            f"the envelope of {where} does not carry exactly one signature: find out who wrote it"
        )
    signed = _exactly(signatures[0], ("keyid", "sig"), f"the signature in {where}")
    payload = _bytes(fields["payload"], MOST_BYTES, f"the payload of {where}")
    raw = _bytes(signed["sig"], _SIGNATURE_BYTES, f"the signature in {where}")
    key = _key(public)
    if signed["keyid"] != key.keyid:
        raise Untrusted(
            f"the envelope of {where} names the key {str(signed['keyid'])[:80]!r}, not {key.keyid}"
        )
    try:
        Envelope.from_dict(_spelled(payload, key.keyid, raw)).verify([key], 1)
    except UnverifiedSignatureError as wrong:
        raise Untrusted(
            f"the signature in {where} does not fit its statement: find out who changed it"
        ) from wrong
    return payload


def _key(public: bytes) -> SSlibKey:
    return SSlibKey(fingerprint(public), _SCHEME, _SCHEME, {"public": public.hex()})


def _spelled(payload: bytes, keyid: str, raw: bytes) -> dict[str, Any]:
    signature = {"keyid": keyid, "sig": _text(raw)}
    return {"payload": _text(payload), "payloadType": IN_TOTO, "signatures": [signature]}


def _exactly(value: object, names: tuple[str, ...], what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or set(value) != set(names):
        raise Untrusted(f"{what} has other fields than {', '.join(names)}: find out who wrote it")
    return value


def _bytes(value: object, most: int, what: str) -> bytes:
    """Bounded base64 in its one spelling; the length is looked at before anything is decoded."""
    if not isinstance(value, str) or len(value) > 4 * -(-most // 3):
        raise Untrusted(f"{what} is no base64 of at most {most} bytes: find out who wrote it")
    try:
        content = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise Untrusted(f"{what} is no base64: {wrong}; find out who wrote it") from wrong
    if _text(content) != value:
        raise Untrusted(f"{what} is not spelled as base64 is: find out who changed it")
    return content


def _text(content: bytes) -> str:
    return base64.standard_b64encode(content).decode()
