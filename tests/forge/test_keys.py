"""Keys, signatures and the allowed-signers file."""

import base64

import pytest
import sshsig
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alphaloop.errors import BadConfiguration, Misuse, Untrusted
from alphaloop.forge import commits, signature
from alphaloop.forge.keys import signers
from alphaloop.forge.keys.folder import KeyFolder, generate, key_file, verify_statement
from alphaloop.forge.keys.signers import Ring


@pytest.fixture(scope="module")
def holder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    return KeyFolder(folder), generate(folder, ["quant", "risk", "human:ann"])


@pytest.mark.parametrize(
    "line",
    [
        '* namespaces="git" ssh-ed25519 {key}',
        'q*@alphaloop.invalid namespaces="git" ssh-ed25519 {key}',
        'quant@alphaloop.invalid,risk@alphaloop.invalid namespaces="git" ssh-ed25519 {key}',
        "quant@alphaloop.invalid ssh-ed25519 {key}",
        'quant@alphaloop.invalid cert-authority,namespaces="git" ssh-ed25519 {key}',
        'quant@alphaloop.invalid namespaces="git",valid-after="20200101" ssh-ed25519 {key}',
        'quant@alphaloop.invalid namespaces="*" ssh-ed25519 {key}',
        'quant@elsewhere.example namespaces="git" ssh-ed25519 {key}',
        'quant@alphaloop.invalid namespaces="git" ssh-rsa {key}',
        'quant@alphaloop.invalid namespaces="git" ssh-ed25519 AAAA',
        'quant@alphaloop.invalid namespaces="git" ssh-ed25519 !',
    ],
)
def test_a_line_that_could_allow_more_than_one_principal_is_refused(holder, line):
    good = signers.written(holder[1]).splitlines()
    key = good[0].split()[-1]
    with pytest.raises(BadConfiguration, match="allowed_signers:4"):
        signers.read("\n".join([good[2], "# words", "", line.format(key=key)]))


def test_one_key_under_two_principals_is_refused(holder):
    ring = holder[1]
    with pytest.raises(BadConfiguration, match="two principals"):
        Ring({**ring.keys, "sre": ring.keys["quant"]})
    lines = signers.written(ring)
    with pytest.raises(BadConfiguration, match="two principals"):
        signers.read(lines + lines.splitlines()[0].replace("quant", "sre"))


def test_a_principal_listed_twice_is_refused(holder):
    lines = signers.written(holder[1])
    with pytest.raises(BadConfiguration, match="twice"):
        signers.read(lines + lines.splitlines()[0])


def test_a_ring_without_a_human_is_refused(holder):
    with pytest.raises(BadConfiguration, match="human"):
        Ring({"quant": holder[1].keys["quant"]})


def test_what_is_written_is_what_is_read(holder):
    assert signers.read(signers.written(holder[1])) == holder[1]
    assert signers.from_body(signers.to_body(holder[1]), "here") == holder[1]


def test_a_key_that_others_can_read_is_refused(tmp_path):
    generate(tmp_path, ["human:ann"])
    key_file(tmp_path, "human:ann").chmod(0o644)
    with pytest.raises(BadConfiguration, match="chmod 600"):
        KeyFolder(tmp_path).signature("human:ann", b"x")


def test_a_missing_key_says_where_to_put_it(holder):
    with pytest.raises(BadConfiguration, match="no key of sre"):
        holder[0].signature("sre", b"x")
    assert not holder[0].holds("sre")


def test_a_key_is_never_overwritten(tmp_path):
    generate(tmp_path, ["human:ann"])
    before = key_file(tmp_path, "human:ann").read_bytes()
    with pytest.raises(Exception, match="never overwritten"):
        generate(tmp_path, ["human:ann"])
    assert key_file(tmp_path, "human:ann").read_bytes() == before


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "human:", "human:../x"])
def test_a_principal_never_leads_out_of_the_key_folder(holder, name):
    with pytest.raises(Misuse):
        holder[0].holds(name)


def test_statements_are_deterministic_and_never_pass_for_a_commits_signature(holder):
    keys, ring = holder
    first = keys.signature("risk", b"seed 1")
    assert first == keys.signature("risk", b"seed 1") != keys.signature("quant", b"seed 1")
    assert len(first) == 64
    assert verify_statement(ring.keys["risk"], b"seed 1", first)
    assert not verify_statement(ring.keys["risk"], b"seed 2", first)
    assert not verify_statement(ring.keys["quant"], b"seed 1", first)


def test_our_armour_is_what_an_independent_library_verifies(holder):
    armour = holder[0].armour("quant", b"payload")
    assert sshsig.check_signature(b"payload", armour, "git").openssh_str().split()[1] in signers.written(
        holder[1]
    )


def test_every_other_spelling_of_a_good_signature_is_refused(holder):
    armour = holder[0].armour("quant", b"payload")
    body = "".join(armour.splitlines()[1:-1])
    rewrapped = armour.splitlines()[0] + "\n" + body + "\n-----END SSH SIGNATURE-----\n"
    trailing = base64.b64encode(base64.b64decode(body) + b"\0").decode()
    longer = armour.splitlines()[0] + "\n" + trailing + "\n-----END SSH SIGNATURE-----\n"
    for other in (rewrapped, longer, "words\n" + armour, armour + "\n", armour.replace("\n", "\r\n"), ""):
        with pytest.raises(Untrusted):
            signature.verified_key(b"payload", other)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_byte_of_a_signed_commit_can_ever_change(holder, data):
    keys, ring = holder
    content = commits.payload("a" * 40, ["b" * 40], "quant", "Words\n\nmore", 1_700_000_000)
    raw = bytearray(commits.sealed(content, keys.armour("quant", content)).content)
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[place]))
    with pytest.raises(Untrusted):
        commits.signer(commits.parsed(bytes(raw)), ring)


def test_a_forged_committer_is_refused_though_the_key_is_known(holder):
    keys, ring = holder
    content = commits.payload("a" * 40, [], "risk", "I approve", 1_700_000_000)
    forged = commits.sealed(content, keys.armour("quant", content))
    with pytest.raises(Untrusted, match="forged"):
        commits.signer(commits.parsed(forged.content), ring)
