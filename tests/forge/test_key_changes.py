"""Changes of keys: by position in the ledger, by a human, and never back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alphaloop.errors import BadConfiguration, Refused, Untrusted
from alphaloop.facts.claim import Holds
from alphaloop.facts.entry import Draft, Entry, Kind
from alphaloop.facts.key import KeyChange
from alphaloop.facts.verdict import Stance
from alphaloop.forge import commits, pull_requests
from alphaloop.forge.chain import FORM, LEDGER
from alphaloop.forge.founding import found
from alphaloop.forge.git import Move
from alphaloop.forge.keys import folder as keys
from alphaloop.forge.keys import rotation, signers, turnover
from alphaloop.forge.keys.folder import KeyFolder
from alphaloop.forge.keys.signers import Ring
from alphaloop.forge.keys.turnover import Turn, key_at
from alphaloop.forge.local import LocalForge
from alphaloop.forge.pull_requests import ref
from alphaloop.forge.signature import public_line
from alphaloop.forge.statements import record
from alphaloop.forge.verify import verify
from alphaloop.ports import Merged, NotMerged
from alphaloop.rules.entries.keys import key_changed

NOTE = Draft(Kind.TRIAL, "trial:x", "a trial", {"count": 1})
Rotate = Callable[..., Entry]


@pytest.fixture
def rotate(desk: LocalForge) -> Rotate:
    """Give a principal another key as ann, or as somebody else; with take_up the machine signs with it."""

    def changed(
        principal: str, by: str = "human:ann", *, new: str | None = None, take_up: bool = True
    ) -> Entry:
        line = public_line(keys.draw(desk.keys.folder, principal)) if new is None else new
        entry = rotation.change_key(desk.git, desk.ledger, principal, line, "lost", by)
        if take_up:
            desk.keys.take_up(principal)
        return entry

    return changed


@pytest.fixture
def stolen(desk: LocalForge, tmp_path: Path) -> Callable[[str], KeyFolder]:
    """A copy of somebody's private key, as a thief has it."""

    def copy(principal: str) -> KeyFolder:
        folder = tmp_path / "stolen"
        folder.mkdir(exist_ok=True)
        source = keys.key_file(desk.keys.folder, principal)
        target = keys.key_file(folder, principal)
        target.touch(mode=0o600)
        target.write_bytes(source.read_bytes())
        return KeyFolder(folder)

    return copy


@pytest.fixture
def change(desk):
    return desk.open("quant", "Quote twice as wide", "Twice.", {"strategy.py": b"HALF = 2\n"}, "turn:1")


def forced(desk: LocalForge, holder: KeyFolder, draft: Draft, signer: str) -> None:
    """Append an entry past every check of ours, as somebody with a key and git would."""
    entries = desk.ledger.entries()
    fields = {
        "number": len(entries),
        "genesis": entries[0].commit,
        "kind": str(draft.kind),
        "key": draft.key,
        "subject": draft.subject,
        "body": draft.body,
    }
    filing = record.Filing((entries[-1].commit,))
    written = record.write(desk.git, holder, FORM, fields, filing, signer)
    desk.git.write(written.things)
    assert desk.git.move([Move(LEDGER, written.id, entries[-1].commit)])


def said_by(desk: LocalForge, folder: Path) -> str:
    """What verify says of everything that is false, as one text."""
    return "; ".join(claim.words for claim in verify(folder).claims if claim.holds is Holds.FALSE)


def test_a_seat_never_changes_a_key(desk, rotate):
    for principal in ("quant", "sre", "human:ann"):
        with pytest.raises(Refused, match="only a human with a key"):
            rotate(principal, by="risk", take_up=False)
    assert len(desk.ledger.entries()) == 1


def test_the_last_human_keeps_a_key(desk, rotate):
    with pytest.raises(Refused, match="at least one human"):
        rotate("human:ann", new="")
    rotate("human:ben")
    rotate("human:ann", by="human:ben", new="")
    with pytest.raises(Refused, match="at least one human"):
        rotate("human:ben", by="human:ben", new="")
    with pytest.raises(Refused, match="only a human with a key"):
        rotate("quant", by="human:ann")


def test_the_last_registered_human_keeps_a_key_whoever_else_has_one(tmp_path):
    files = {"strategy.py": b"HALF = 1\n", "roles.yaml": b"humans: [ann]\n"}
    found(tmp_path / "desk", files, ("quant", "risk"), "ann")
    forge = LocalForge(tmp_path / "desk")
    try:
        line = public_line(keys.draw(forge.keys.folder, "human:mallory"))
        rotation.change_key(forge.git, forge.ledger, "human:mallory", line, "", "human:ann")
        forge.keys.take_up("human:mallory")
        with pytest.raises(Refused, match="no registered human with a key"):
            rotation.change_key(forge.git, forge.ledger, "human:ann", "", "", "human:ann")
        with pytest.raises(Refused, match="does not register them"):
            rotation.change_key(forge.git, forge.ledger, "human:ann", "", "", "human:mallory")
    finally:
        forge.shut()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("ssh-rsa AAAA", "write the key as in"),
        ("ssh-ed25519 AAAA", "not an ed25519 key"),
        ("ssh-ed25519 *", "not base64"),
        ("*", "write the key as in"),
        ("ssh-ed25519 AAAA quant@here", "not base64"),
    ],
)
def test_what_is_no_single_key_is_refused(rotate, line, why):
    with pytest.raises(Refused, match=why):
        rotate("quant", new=line)


def test_a_key_that_somebody_has_or_ever_had_is_refused(desk, rotate):
    mine = {who: public_line(key) for who, key in desk.ledger.chain().verified_ring().keys.items()}
    with pytest.raises(Refused, match="two principals"):
        rotate("quant", new=mine["risk"])
    with pytest.raises(Refused, match="the same"):
        rotate("quant", new=mine["quant"])
    rotate("quant")
    for principal in ("quant", "risk"):
        with pytest.raises(Refused, match="never comes back"):
            rotate(principal, new=mine["quant"])


def test_from_that_entry_on_the_old_key_signs_nothing(desk, change, rotate, stolen, repository):
    thief = stolen("quant")
    desk.ledger.append(NOTE, "quant")
    entry = rotate("quant")
    forced(desk, thief, Draft(Kind.TRIAL, "trial:late", "late", {"count": 1}), "quant")
    with pytest.raises(Untrusted, match="a key of quant that was taken away"):
        desk.ledger.entries()
    assert entry.number == 3
    assert "taken away" in said_by(desk, repository)


def test_what_was_signed_before_stays_signed(desk, change, decide, release, rotate, repository, git):
    desk.comment(change.number, "human:ann", "I like it", "c")
    (repository / "tests" / "by_hand.py").write_text("X = 1\n")
    git("add", "-A")
    git("commit", "-qm", "By hand, with the first key")
    second = desk.open("quant", "Wider", "", {"strategy.py": b"HALF = 3\n"}, "turn:2")
    assert isinstance(desk.merge(second, decide(desk, second), "sre", release), Merged)
    before = [(entry.commit, entry.signer) for entry in desk.ledger.entries()]
    for who in ("quant", "risk", "sre", "human:ann"):
        rotate(who)
    (repository / "tests" / "by_hand.py").write_text("X = 2\n")
    git("commit", "-qam", "By hand, with the second key")
    fresh = LocalForge(repository)
    try:
        assert [(one.commit, one.signer) for one in fresh.ledger.entries()][: len(before)] == before
        assert [said.text for said in fresh.conversation(change.number)][-1] == "I like it"
        assert {touch.committer for touch in fresh.change(second.number).touched} == {"quant"}
        fresh.vouch()
    finally:
        fresh.shut()
    assert said_by(desk, repository) == ""


def test_a_hand_commit_with_the_old_key_is_not_vouched_for(desk, rotate, repository, git):
    rotate("human:ann", take_up=False)
    (repository / "tests" / "by_hand.py").write_text("X = 1\n")
    git("add", "-A")
    git("commit", "-qm", "By a thief")
    with pytest.raises(Untrusted, match="a key of human:ann that was taken away"):
        desk.vouch()
    assert "a key of human:ann that was taken away" in said_by(desk, repository)


def test_a_revoked_key_cannot_speak_in_the_past_of_a_pull_request(desk, change, rotate, stolen, repository):
    thief, before = stolen("human:ann"), desk.git.ref(ref(1))
    desk.comment(change.number, "quant", "a last word", "c")
    rotate("human:ann")
    # The thief drops the last word and says something else in its place.
    fields = record.read(desk.git, desk.git.commit(before), pull_requests.FORM)
    fields |= {"place": 1, "verb": "commented", "author": "human:ann", "key": "k", "text": "I agree"}
    filing = record.Filing((before,), {"head": change.head})
    written = record.write(desk.git, thief, pull_requests.FORM, fields, filing, "human:ann")
    desk.git.write(written.things)
    assert desk.git.move([Move(ref(1), written.id, desk.git.ref(ref(1)))])
    fresh = LocalForge(repository)
    try:
        with pytest.raises(Untrusted, match="taken away"):
            fresh.conversation(1)
    finally:
        fresh.shut()
    # Cut back to what both have seen, the loss is seen all the same.
    assert desk.git.move([Move(ref(1), before, written.id)])
    assert "dropped what was said" in said_by(desk, repository)


def test_a_machine_with_the_old_key_is_told_before_it_writes_anything(desk, change, rotate):
    tip = rotate("quant", take_up=False).commit
    for act in (
        lambda: desk.ledger.append(NOTE, "quant"),
        lambda: desk.comment(change.number, "quant", "late", "c"),
        lambda: desk.open("quant", "Late", "", {"strategy.py": b"HALF = 9\n"}, "turn:9"),
    ):
        with pytest.raises(BadConfiguration, match="the key of quant that lies here is not the one in force"):
            act()
    assert desk.ledger.entries()[-1].commit == tip
    assert len(desk.conversation(change.number)) == 1


def test_an_open_changes_commits_by_a_key_that_was_taken_away_are_nobodys(desk, change, rotate):
    rotate("quant")
    (touch,) = desk.change(change.number).touched
    assert touch.committer == "quant (with a key that was taken away)"


def test_a_key_that_changes_after_the_decision_beats_the_merge(desk, change, decide, release, rotate, git):
    decision, main = decide(desk, change), git("rev-parse", "main")
    rotate("human:ben")
    refused = desk.merge(change, decision, "sre", release)
    assert isinstance(refused, NotMerged)
    assert (refused.how, git("rev-parse", "main")) == ("stale", main)
    assert "a key was changed" in refused.words


def test_an_event_that_races_a_change_of_keys_is_said_with_the_new_key(desk, change, rotate, monkeypatch):
    whole, raced = desk.git.move, []

    def move(moves, verified=None):
        if not raced and moves[0].ref == ref(1):
            raced.append(rotate("quant"))
        return whole(moves, verified)

    monkeypatch.setattr(desk.git, "move", move)
    desk.comment(change.number, "quant", "in time", "c")
    assert raced
    assert [said.text for said in desk.conversation(change.number)][-1] == "in time"


@pytest.mark.parametrize(
    ("signer", "altered", "why"),
    [
        ("risk", {}, "only a human"),
        ("human:ann", {"old": ""}, "another key than the one that is to go"),
        ("human:ann", {"main": "e" * 40}, "cannot be read"),
        ("human:ann", {"main": "HEAD"}, "no commit id"),
        ("human:ann", {"new": "*"}, "write the key as in"),
        ("human:ann", {"talks": {"x": "e" * 40}}, "no whole number"),
        ("human:ann", {"principal": "human:ann", "new": ""}, "another key"),
    ],
)
def test_a_forged_change_of_keys_is_seen(desk, repository, signer, altered, why):
    ring = desk.ledger.chain().verified_ring()
    new = public_line(keys.draw(desk.keys.folder, "quant"))
    good = key_changed(KeyChange("quant", public_line(ring.keys["quant"]), new, "", desk.main(), {}))
    forced(desk, desk.keys, Draft(good.kind, good.key, good.subject, {**good.body, **altered}), signer)
    assert why in said_by(desk, repository)


def test_a_change_of_keys_that_names_an_older_main_is_seen(desk, change, decide, release, repository, git):
    before = desk.main()
    assert isinstance(desk.merge(change, decide(desk, change), "sre", release), Merged)
    ring = desk.ledger.chain().verified_ring()
    new = public_line(keys.draw(desk.keys.folder, "quant"))
    forced(
        desk,
        desk.keys,
        key_changed(KeyChange("quant", public_line(ring.keys["quant"]), new, "", before, {})),
        "human:ann",
    )
    assert "a main from before" in said_by(desk, repository)


def test_the_tracked_list_may_lag_and_may_not_lie(desk, rotate, repository, git):
    rotate("quant")
    (claim,) = [one for one in verify(repository).claims if one.what == "public keys"]
    assert claim.holds is Holds.OK
    assert "lists older ones" in claim.words
    listed = repository / signers.PATH
    listed.write_text(signers.written(desk.ledger.chain().verified_ring()))
    git("commit", "-qam", "The keys in force")
    (claim,) = [one for one in verify(repository).claims if one.what == "public keys"]
    assert claim.words.endswith("of main lists them")
    assert "Good" in git("log", "-1", "--format=%G?", "main").replace("G", "Good")
    listed.write_text(listed.read_text().replace("quant", "qa"))
    git("commit", "-qam", "Another list")
    assert "the ledger never had" in said_by(desk, repository)


def test_a_change_of_the_tracked_list_merges_only_as_the_ledger_has_it(desk, decide, rotate):
    rotate("quant")
    text = signers.written(desk.ledger.chain().verified_ring()).encode()
    draft = Draft(Kind.RELEASE, "release:1", "keys", {})
    bad = desk.open("human:ann", "A list", "", {signers.PATH: text + b"# more\n"}, "k1")
    refused = desk.merge(bad, decide(desk, bad), "sre", draft)
    assert isinstance(refused, NotMerged)
    assert refused.how == "blocked"
    good = desk.open("human:ann", "The keys in force", "", {signers.PATH: text}, "k2")
    draft = Draft(Kind.RELEASE, "release:2", "keys", {})
    assert isinstance(desk.merge(good, decide(desk, good, Stance.APPROVE), "sre", draft), Merged)


def test_the_key_of_a_position_is_told_from_the_entries_alone(desk, rotate):
    first = desk.ledger.chain().verified_ring().keys["risk"]
    desk.ledger.append(NOTE, "quant")
    entry = rotate("risk")
    second = desk.ledger.chain().verified_ring().keys["risk"]
    gone = rotate("risk", new="")
    entries = desk.ledger.entries()
    assert [key_at(entries, number, "risk") for number in (0, entry.number)] == [first, first]
    assert key_at(entries, entry.number + 1, "risk") == second
    assert key_at(entries, gone.number + 1, "risk") is None
    assert key_at(entries, 1, "nobody") is None


@pytest.fixture
def other(tmp_path: Path) -> Iterator[LocalForge]:
    folder = tmp_path / "other"
    found(folder, {"strategy.py": b"HALF = 1\n"}, ("quant", "risk", "sre"), "ann")
    forge = LocalForge(folder)
    yield forge
    forge.shut()


def test_a_change_of_keys_of_another_repository_is_not_replayed(desk, other, repository):
    ring = other.ledger.chain().verified_ring()
    new = public_line(keys.draw(other.keys.folder, "quant"))
    change = KeyChange("quant", public_line(ring.keys["quant"]), new, "", desk.main(), {})
    forced(desk, other.keys, key_changed(change), "human:ann")
    with pytest.raises(Untrusted, match="no principal of this repository"):
        desk.ledger.entries()


def test_a_killed_change_of_keys_is_finished_and_not_repeated(desk, rotate):
    fresh = keys.draw(desk.keys.folder, "quant")
    assert keys.draw(desk.keys.folder, "quant") == fresh
    rotate("quant", take_up=False)
    assert desk.ledger.chain().verified_ring().keys["quant"] == fresh
    desk.keys.take_up("quant")
    desk.keys.take_up("quant")
    assert desk.ledger.append(NOTE, "quant").signer == "quant"
    tip = desk.git.commit(desk.git.ref(LEDGER))
    assert commits.signer(tip, desk.ledger.chain().verified_ring()) == "quant"


PEOPLE = ("quant", "risk", "human:ann", "human:ben")


@given(st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(-1, 9), st.sampled_from(PEOPLE)), max_size=25))
def test_no_key_ever_comes_back_and_a_registered_human_always_keeps_one(changes):
    ring = Ring({"quant": bytes([100]) * 32, "risk": bytes([101]) * 32, "human:ann": bytes([102]) * 32})
    ever = set(ring.keys.values())
    for principal, drawn, signer in changes:
        new = bytes([drawn]) * 32 if drawn >= 0 else b""
        old = ring.keys.get(principal)
        if new == (old or b""):
            continue
        lines = ["" if not key else public_line(key) for key in (old, new)]
        change = KeyChange(principal, *lines, "", "d" * 40, {})
        if turnover.objection(ring, change, signer, ("ann", "ben")):
            continue
        assert signer in ring.keys
        assert signer.startswith("human:")
        assert not new or new not in ever
        ring = turnover.after(ring, change, "here")
        ever.add(new)
        assert ring.keys.get(principal, b"") == new
        assert old is None or ring.former[old] == principal
        assert not set(ring.keys.values()) & set(ring.former)
        assert {"human:ann", "human:ben"} & set(ring.keys)


def test_each_hand_commit_is_judged_by_the_keys_of_its_place_on_main():
    rings = [Ring({"human:ann": bytes([number]) * 32}) for number in range(3)]
    main = [str(number) * 40 for number in range(5)]
    turns = [
        Turn(number, KeyChange("human:ann", "a", "b", "", commit, {}), ring)
        for number, commit, ring in ((4, main[1], rings[1]), (9, main[1], rings[1]), (12, main[3], rings[2]))
    ]
    told = turnover.rings_of_main(rings[0], turns, main[::-1])
    assert [told[commit] for commit in main] == [rings[0], rings[0], rings[1], rings[1], rings[2]]
    for lost in (main[2:], [main[0], main[3], main[1], main[4]]):
        with pytest.raises(Untrusted, match=r"ledger entry (4|12)"):
            turnover.rings_of_main(rings[0], turns, lost[::-1])
