"""A verdict as an in-toto statement: its subject is what was judged, its predicate everything else.

https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md; git objects as subjects are named there
as well. Subject and predicate share no field, so nothing is said twice and nothing can contradict itself.
"""

from collections.abc import Mapping
from typing import Any

from alphaloop.errors import Misuse, Untrusted
from alphaloop.facts.entry import Kind
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.keys.signers import Ring
from alphaloop.forge.statements import envelope, statement

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://alphaloop.invalid/verdict/v1"
ATTESTED = (Kind.VERDICT,)
"""The kinds whose body travels in an envelope of its own, so that it can be checked away from its ledger."""
_SUBJECT = {"head": "gitCommit", "head_tree": "gitTree"}


def carried(kind: Kind, body: Mapping[str, Any], keys: KeyFolder, signer: str) -> Mapping[str, Any]:
    """What an entry of `kind` carries as its body: an attested kind's is sealed by `signer`."""
    if kind not in ATTESTED:
        return body
    return keys.sealed(signer, statement.written(_stated(body)))


def said(kind: Kind, body: object, ring: Ring, signer: str, where: str) -> object:
    """The body of an entry that `signer` wrote: an attested kind's is read from the verified statement only.

    Raises Untrusted unless the envelope is signed with the key that `signer` has in `ring`.
    """
    if kind not in ATTESTED:
        return body
    fields = statement.read(envelope.opened(body, ring.keys[signer], where), f"the statement of {where}")
    predicate, subject = fields.get("predicate"), fields.get("subject")
    if not isinstance(predicate, dict) or set(predicate) & set(_SUBJECT):
        raise Untrusted(f"the statement of {where} has no predicate of its own: find out who wrote it")
    found = {**predicate, **_judged(subject)}
    if not set(_SUBJECT) <= set(found) or _stated(found) != fields:
        raise Untrusted(f"the statement of {where} is no {PREDICATE} of in-toto: find out who wrote it")
    return found


def _stated(body: Mapping[str, Any]) -> dict[str, Any]:
    lacking = [name for name in _SUBJECT if not isinstance(body.get(name), str)]
    if lacking:
        raise Misuse(f"a statement is about a head and its tree; it lacks {', '.join(lacking)}")
    return {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {kind: body[name]}} for name, kind in _SUBJECT.items()],
        "predicateType": PREDICATE,
        "predicate": {name: value for name, value in body.items() if name not in _SUBJECT},
    }


def _judged(subject: object) -> dict[str, str]:
    """The git objects that a subject names; what else it says shows when the statement is built again."""
    found: dict[str, str] = {}
    for item in subject if isinstance(subject, list) else ():
        digests = item.get("digest") if isinstance(item, dict) else None
        for name, kind in _SUBJECT.items():
            if isinstance(digests, dict) and isinstance(digests.get(kind), str):
                found[name] = digests[kind]
    return found
