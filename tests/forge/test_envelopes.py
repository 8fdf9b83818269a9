"""A verdict is one in-toto statement in one envelope: whatever of it is altered, nobody reads it any more."""

import base64
import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import Misuse, Untrusted
from alphaloop.facts.entry import Kind
from alphaloop.facts.finding import Finding, Severity
from alphaloop.facts.verdict import Stance, Verdict
from alphaloop.forge import verify
from alphaloop.forge.chain import FORM, LEDGER
from alphaloop.forge.git import Move
from alphaloop.forge.keys import folder as keys
from alphaloop.forge.local import LocalForge
from alphaloop.forge.statements import attestation, envelope, record, statement
from alphaloop.forge.statements.record import Filing
from alphaloop.rules.entries.verdicts import verdict, verdict_of

WHERE = "entry 9"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
# The order of the group that ed25519 works in: S + ORDER is a second spelling of the same signature.
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.fixture(scope="session")
def signed(tmp_path_factory, grounded):
    """Keys, their ring, and the envelope of a verdict that Risk signed."""
    folder = tmp_path_factory.mktemp("keys")
    ring = keys.generate(folder, ("risk", "quant", "human:ann"))
    holder = keys.KeyFolder(folder)
    finding = Finding("static", Severity.VETO, "it reads the clock", "strategy.py", 3)
    said = Verdict("risk", 7, "a" * 40, "b" * 40, Stance.VETO, (finding,), "", "the static stage")
    entries = [_genesis()]
    body = verdict(entries, grounded(entries, said, "c" * 40)).body
    return holder, ring, body, attestation.carried(Kind.VERDICT, body, holder, "risk")


def _genesis():
    from alphaloop.facts.entry import Entry

    return Entry(0, "e" * 40, "human:ann", Kind.GENESIS, "genesis", "the desk opens", {})


def _read(carried: object, ring, signer: str = "risk") -> object:
    return attestation.said(Kind.VERDICT, carried, ring, signer, WHERE)


def _is_read(carried: object, ring) -> bool:
    try:
        _read(carried, ring)
    except Untrusted:
        return False
    return True


def _sealed(holder, fields: dict[str, Any], signer: str = "risk") -> dict[str, Any]:
    return holder.sealed(signer, statement.written(fields))


def _statement(carried: dict[str, Any]) -> dict[str, Any]:
    return json.loads(base64.b64decode(carried["payload"]))


def _leaves(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    below = [leaf for key, item in inner for leaf in _leaves(item, (*path, key))]
    yield from below or [path]


def _altered(fields: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    changed = copy.deepcopy(fields)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    old = place[path[-1]]
    place[path[-1]] = f"{old}x" if isinstance(old, str) else (old or 0) + 1 if isinstance(old, int) else "x"
    return changed


def test_what_was_sealed_is_what_is_read(signed):
    holder, ring, body, carried = signed
    assert _read(carried, ring) == body
    told = _statement(carried)
    assert told["_type"] == "https://in-toto.io/Statement/v1"
    assert told["subject"] == [
        {"name": "head", "digest": {"gitCommit": "a" * 40}},
        {"name": "head_tree", "digest": {"gitTree": "c" * 40}},
    ]
    assert carried["signatures"][0]["keyid"].startswith("SHA256:")
    assert attestation.carried(Kind.VERDICT, body, holder, "risk") == carried


def test_a_stranger_with_the_public_key_alone_can_check_it(signed):
    """PAE of the DSSE protocol, version 1, written out here once more."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    _, ring, _, carried = signed
    payload, kind = base64.b64decode(carried["payload"]), carried["payloadType"].encode()
    said = b"DSSEv1 " + b"%d %b %d %b" % (len(kind), kind, len(payload), payload)
    key = Ed25519PublicKey.from_public_bytes(ring.keys["risk"])
    key.verify(base64.b64decode(carried["signatures"][0]["sig"]), said)


def test_every_field_of_the_statement_is_under_the_signature(signed):
    _, ring, _, carried = signed
    told = _statement(carried)
    paths = list(_leaves(told))
    named = {str(key) for path in paths for key in path}
    assert {"genesis", "change", "seat", "place", "base", "test", "stance", "message", "evidence"} <= named
    assert {"gitCommit", "gitTree", "judged_by", "world", "constitution", "judge", "platform"} <= named
    for path in paths:
        payload = base64.b64encode(statement.written(_altered(told, path))).decode()
        with pytest.raises(Untrusted, match="does not fit its statement"):
            _read({**carried, "payload": payload}, ring)


def test_no_byte_of_the_envelope_can_flip(signed):
    _, ring, _, carried = signed
    text = json.dumps(carried).encode()
    read = 0
    for place in range(len(text)):
        flipped = bytearray(text)
        flipped[place] ^= 1 << place % 7
        try:
            broken = json.loads(flipped)
        except ValueError:
            continue
        read += 1
        with pytest.raises(Untrusted):
            _read(broken, ring)
    assert read > len(text) // 2


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda s: (
            st.lists(s)
            | st.dictionaries(
                st.sampled_from(["payload", "payloadType", "signatures", "keyid", "sig", "x"]), s
            )
        ),
        max_leaves=8,
    )
)
def test_nothing_else_is_ever_an_envelope(signed, anything):
    assert not _is_read(anything, signed[1])


def _other_spellings(carried: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    (signature,) = carried["signatures"]
    payload, raw = carried["payload"], base64.b64decode(signature["sig"])
    scalar = int.from_bytes(raw[32:], "little") + ORDER
    second = base64.b64encode(raw[:32] + scalar.to_bytes(32, "little")).decode()
    # Of the last digit of 64 bytes four bits mean nothing: one that is set is another spelling.
    last = ALPHABET[ALPHABET.index(signature["sig"][-3]) | 1]
    loose = f"{signature['sig'][:-3]}{last}=="
    spaced = base64.b64encode(base64.b64decode(payload) + b"\n").decode()
    tight = json.dumps(json.loads(base64.b64decode(payload))).encode()
    yield "no signature", {**carried, "signatures": []}
    yield "the same signature twice", {**carried, "signatures": [signature, signature]}
    yield "another field", {**carried, "comment": ""}
    yield "a field less", {key: carried[key] for key in ("payload", "signatures")}
    yield "a signature with a certificate", {**carried, "signatures": [{**signature, "cert": ""}]}
    yield "another type", {**carried, "payloadType": "application/json"}
    yield "another key's name", {**carried, "signatures": [{**signature, "keyid": "risk"}]}
    yield "the signature in hexadecimal", {**carried, "signatures": [{**signature, "sig": raw.hex()}]}
    yield "a signature's second spelling", {**carried, "signatures": [{**signature, "sig": second}]}
    yield "base64 on two lines", {**carried, "payload": payload[:76] + "\n" + payload[76:]}
    yield "base64 with more of an end", {**carried, "payload": f"{payload}===="}
    yield "base64 with bits that mean nothing", {**carried, "signatures": [{**signature, "sig": loose}]}
    yield "a line more", {**carried, "payload": spaced}
    yield "JSON without spaces", {**carried, "payload": base64.b64encode(tight).decode()}
    yield "a payload that is a list", {**carried, "payload": [payload]}


def test_an_envelope_has_one_spelling(signed):
    _, ring, _, carried = signed
    taken = [what for what, other in _other_spellings(carried) if _is_read(other, ring)]
    assert taken == []


@pytest.mark.parametrize(
    "form",
    [
        lambda told: told | {"_type": "https://in-toto.io/Statement/v0.1"},
        lambda told: told | {"predicateType": "https://slsa.dev/provenance/v1"},
        lambda told: told | {"subject": []},
        lambda told: told | {"subject": told["subject"][::-1]},
        lambda told: told | {"subject": [*told["subject"], told["subject"][0]]},
        lambda told: told | {"predicate": told["predicate"] | {"head": "d" * 40}},
        lambda told: told | {"predicate": []},
        lambda told: told | {"more": 1},
        lambda told: {"predicate": told["predicate"]},
        lambda told: {},
    ],
)
def test_a_statement_of_another_form_is_refused_even_from_its_own_seat(signed, form):
    holder, ring, _, carried = signed
    with pytest.raises(Untrusted, match="statement of entry 9"):
        _read(_sealed(holder, form(_statement(carried))), ring)


def test_what_is_no_canonical_json_is_refused_even_from_its_own_seat(signed):
    holder, ring, _, carried = signed
    payload = base64.b64decode(carried["payload"])
    for other in (payload + b" ", payload.replace(b"\n", b""), b"", b"[]", b"{", b"\xff", b"[" * 100_000):
        with pytest.raises(Untrusted):
            _read(holder.sealed("risk", other), ring)


def test_another_seats_envelope_is_nobodys(signed):
    holder, ring, body, carried = signed
    with pytest.raises(Untrusted, match="names the key"):
        _read(carried, ring, "quant")
    with pytest.raises(Untrusted, match="names the key"):
        _read(attestation.carried(Kind.VERDICT, body, holder, "quant"), ring)


def test_a_payload_is_bounded_before_it_is_decoded(signed):
    holder, ring, _, carried = signed
    with pytest.raises(Misuse, match="at most"):
        holder.sealed("risk", b"x" * (envelope.MOST_BYTES + 1))
    with pytest.raises(Untrusted, match="no base64 of at most"):
        _read({**carried, "payload": "A" * (envelope.MOST_BYTES * 2)}, ring)


def test_a_verdict_about_no_tree_is_not_sealed(signed):
    with pytest.raises(Misuse, match="head_tree"):
        attestation.carried(Kind.VERDICT, {"head": "a" * 40}, signed[0], "risk")


@pytest.fixture
def answered(desk, grounded):
    """A desk whose ledger holds Risk's veto on a change; answers its entry."""
    change = desk.open("quant", "Widen", "", {"strategy.py": b"HALF = 2\n"}, "k")
    said = Verdict("risk", change.number, change.head, change.base, Stance.VETO, (), "", "a test")
    entries = desk.ledger.entries()
    return desk.ledger.append(verdict(entries, grounded(entries, said, change.head_tree)), "risk")


def _rewritten(desk, entry, signer: str, alter) -> None:
    """Put an entry in the place of the last one: its stored fields altered, and signed by `signer`."""
    fields = json.loads(desk.git.file(entry.commit, "entry.json"))
    keeps = fields.pop("keeps")
    before = desk.ledger.entries()[entry.number - 1].commit
    alter(fields)
    written = record.write(desk.git, desk.keys, FORM, fields, Filing((before,), keeps), signer)
    desk.git.write(written.things)
    assert desk.git.move([Move(LEDGER, written.id, entry.commit)])
    (desk.git.folders.private / "high-water").unlink()


def _refused(desk, match: str) -> None:
    """Both readings refuse: the one that the gate takes its verdicts from, and verify's."""
    fresh = LocalForge(desk.git.folders.root)
    with pytest.raises(Untrusted, match=match):
        fresh.ledger.entries()
    fresh.shut()
    report = verify.verify(desk.git.folders.root)
    assert not report.sound
    assert any(match in claim.words for claim in report.claims), [claim.words for claim in report.claims]


def test_the_ledger_gives_back_what_was_said_and_keeps_an_envelope(desk, answered):
    stored = json.loads(desk.git.file(answered.commit, "entry.json"))["body"]
    assert set(stored) == {"payload", "payloadType", "signatures"}
    assert "genesis" in answered.body
    assert verdict_of(answered).stance is Stance.VETO
    assert verify.verify(desk.git.folders.root).sound


def test_a_statement_that_was_altered_is_refused_by_both_readings(desk, answered):
    def kinder(fields):
        told = _statement(fields["body"])
        told["predicate"]["stance"] = "approve"
        fields["body"]["payload"] = base64.b64encode(statement.written(told)).decode()

    _rewritten(desk, answered, "risk", kinder)
    _refused(desk, "does not fit its statement")


def test_an_envelope_under_another_seats_commit_is_refused_by_both_readings(desk, answered):
    _rewritten(desk, answered, "sre", lambda fields: None)
    _refused(desk, "names the key")


def test_a_bare_statement_is_refused_by_both_readings(desk, answered):
    def bare(fields):
        fields["body"] = dict(answered.body)

    _rewritten(desk, answered, "risk", bare)
    _refused(desk, "has other fields than payload")


def test_an_envelope_of_another_desk_is_refused_by_both_readings(desk, answered, tmp_path):
    from alphaloop.forge.founding import found

    found(tmp_path / "other", {"strategy.py": b"HALF = 1\n"}, ("quant", "risk", "sre"), "ann")
    other = LocalForge(tmp_path / "other")

    def foreign(fields):
        fields["body"] = attestation.carried(Kind.VERDICT, answered.body, other.keys, "risk")

    _rewritten(desk, answered, "risk", foreign)
    other.shut()
    _refused(desk, "names the key")


def test_an_envelope_that_is_recorded_under_another_key_is_no_verdict(desk, answered):
    """Its own seat may sign it into another place of the ledger; it is still the answer that it was."""

    def moved(fields):
        fields["key"] = fields["key"].replace("verdict:1:risk:0", "verdict:1:risk:1")

    _rewritten(desk, answered, "risk", moved)
    fresh = LocalForge(desk.git.folders.root)
    with pytest.raises(Untrusted, match="another key than its own"):
        verdict_of(fresh.ledger.entries()[-1])
    fresh.shut()
