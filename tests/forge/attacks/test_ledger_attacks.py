"""Attacks on a desk that has a history: each is seen, or changes nothing that anybody reads.

What cannot be seen from inside is listed in docs/ledger.md.
"""

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alphaloop.errors import Untrusted
from alphaloop.facts.claim import Holds
from alphaloop.facts.decision import Decision
from alphaloop.facts.entry import Draft, Kind
from alphaloop.facts.verdict import Stance
from alphaloop.forge import commits, objects, signature
from alphaloop.forge.chain import LEDGER
from alphaloop.forge.founding import found
from alphaloop.forge.local import LocalForge
from alphaloop.forge.objects import Node, Object
from alphaloop.forge.statements import record, statement
from alphaloop.forge.verify import verify
from alphaloop.rules.entries import decisions

WHOLE = "ALPHALOOP_WHOLE_SWEEP" in os.environ
FLIPS = 1_000 if WHOLE else 8
ALTERED_EVERY = 1 if WHOLE else 11
FILES = {"strategy.py": b"HALF = 1\n", "tests/test_it.py": b"def test(): ...\n"}


def _told(folder: Path, lessons: int = 12) -> Path:
    """A desk with two merges, a rollback, a comment, a page and lessons between them."""
    found(folder, FILES, ("quant", "risk", "sre"), "ann")
    forge = LocalForge(folder)
    try:
        for number in (1, 2):
            files = {"strategy.py": b"HALF = %d\n" % (number + 1)}
            change = forge.open("quant", f"Widen {number}", "It pays.", files, f"turn:{number}")
            decision = Decision(number, change.head, change.base, Stance.APPROVE, ())
            forge.ledger.append(decisions.decision(forge.ledger.entries(), decision, change), "risk")
            forge.comment(number, "human:ann", "Go on.", f"comment:{number}")
            draft = Draft(Kind.RELEASE, f"release:{number}", f"release #{number}", {})
            forge.merge(change, decision, "sre", draft)
            for lesson in range(lessons // 2):
                said = Draft(Kind.LESSON, f"lesson:{number}.{lesson}", "a lesson", {"words": f"{lesson}"})
                forge.ledger.append(said, "quant")
        forge.restore(["strategy.py"], change.base, "sre", Draft(Kind.RELEASE, "back:2", "back", {"x": 1}))
        forge.ledger.render({"task.md": "# Tasks\n"}, "sre")
        change = forge.open("quant", "Widen 3", "It pays.", {"strategy.py": b"HALF = 9\n"}, "turn:3")
        held = Decision(3, change.head, change.base, Stance.HOLD, ())
        forge.ledger.append(decisions.decision(forge.ledger.entries(), held, change), "risk")
        forge.comment(3, "human:ann", "Wait.", "comment:3")
        forge.ledger.append(Draft(Kind.LESSON, "lesson:last", "a lesson", {"words": "last"}), "quant")
    finally:
        forge.shut()
    return folder


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return _told(tmp_path_factory.mktemp("told") / "desk")


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return _told(tmp_path_factory.mktemp("other") / "desk", lessons=0)


@pytest.fixture
def folder(told, tmp_path):
    return shutil.copytree(told, tmp_path / "attacked", symlinks=True)


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """Plain git, as an attacker with access to the disk runs it."""
    command = ["git", "-c", "core.hooksPath=/dev/null", "-c", "commit.gpgsign=false", *arguments]
    done = subprocess.run(command, cwd=folder, input=stdin, capture_output=True, check=True, timeout=30)
    return done.stdout.decode().strip()


def falses(folder: Path) -> list[str]:
    """What verify finds."""
    return [f"{line.what}: {line.words}" for line in verify(folder).claims if line.holds is Holds.FALSE]


def mutated(value):
    """Another value of the same type, so that only its meaning is wrong."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value[:-1] + ("0" if value[-1:] != "0" else "1") if value else "x"
        case list():
            return [*value, *(value[-1:] or ["x"])]
        case dict():
            return {**value, "more": 1}
    return "x"


def places(fields, path=()):
    """Every field of a statement, and every field inside its body."""
    for name, value in fields.items():
        yield (*path, name)
        if isinstance(value, dict):
            yield from places(value, (*path, name))


def altered(fields, path):
    """The statement with the field at `path` mutated."""
    name, *rest = path
    return {**fields, name: altered(fields[name], rest) if rest else mutated(fields[name])}


def test_a_field_that_is_altered_and_signed_by_the_wrong_key_is_refused(told, in_memory, taken):
    """Each field of each entry; with the old signature, by a stranger, and by another seat of the desk."""
    desk = LocalForge(told)
    start, stranger = taken(desk), Ed25519PrivateKey.generate()
    line = desk.git.run("rev-list", "--reverse", LEDGER).decode().split()
    attacks = []
    for number, identity in enumerate(line):
        fields = statement.read(desk.git.file(identity, "entry.json"), "entry.json")
        attacks += [(number, path, who) for path in places(fields) for who in ("nobody", "stranger", "seat")]
    assert len(attacks) > 500
    for number, path, who in attacks[::ALTERED_EVERY]:
        store = type(start)(start.objects, start.refs)
        forge = in_memory(desk, store)
        commit = forge.git.commit(line[number])
        nodes = dict(forge.git.nodes(commit.tree))
        fields = altered(statement.read(forge.git.blob(nodes["entry.json"].id), "entry.json"), path)
        blob = Object("blob", statement.written(fields))
        tree = objects.tree({**nodes, "entry.json": Node(objects.REGULAR, blob.id)})
        old = commit.payload.replace(commit.tree.encode(), tree.id.encode(), 1)
        words = record.message({"subject": "x", **fields}) if isinstance(fields["subject"], str) else "x"
        payload = old.partition(b"\n\n")[0] + b"\n\n" + words.strip("\n").encode() + b"\n"
        other = "risk" if commit.committer.startswith("quant") else "quant"
        armours = {
            "nobody": commit.armour,
            "stranger": signature.signed(stranger, payload),
            "seat": desk.keys.armour(other, payload),
        }
        forged = commits.sealed(payload, armours[who])
        forge.git.write([blob, tree, forged])
        tip = forged.id
        for later, before in zip(line[number + 1 :], line[number:], strict=False):
            raw = forge.git.read(later).content.replace(before.encode(), tip.encode(), 1)
            forge.git.write([Object("commit", raw)])
            tip = objects.object_id("commit", raw)
        store.refs[LEDGER] = tip
        with pytest.raises(Untrusted):
            forge.ledger.entries()
    desk.shut()


def _drop(folder):
    _spliced(folder, lambda line: [*line[:6], *line[7:]])


def _reorder(folder):
    _spliced(folder, lambda line: [*line[:6], line[7], line[6], *line[8:]])


def _double(folder):
    _spliced(folder, lambda line: [*line, line[-1]])


def _truncate_behind_an_anchor(folder):
    (folder / ".alphaloop" / "high-water").unlink()
    last = git(folder, "log", "--format=%(trailers:key=Ledger-Tip,valueonly)", "-1", "main")
    git(folder, "update-ref", LEDGER, last)


def _roll_back_here(folder):
    git(folder, "update-ref", LEDGER, f"{LEDGER}~1")


def _older_constitution(folder):
    git(folder, "reset", "-q", "--hard", "main~1")


def _older_constitution_on_top(folder):
    older = git(folder, "commit-tree", "-p", "main", "-m", "as it was", "main~1^{tree}")
    git(folder, "update-ref", "refs/heads/main", older)


def _main_from_elsewhere(folder):
    tree = git(folder, "rev-parse", "main^{tree}")
    git(folder, "update-ref", "refs/heads/main", git(folder, "commit-tree", "-m", "anew", tree))


def _no_ledger(folder):
    git(folder, "update-ref", "-d", LEDGER)


def _no_conversation(folder):
    git(folder, "update-ref", "-d", "refs/alphaloop/pr/1")


def _conversation_of_another(folder):
    git(folder, "update-ref", "refs/alphaloop/pr/2", "refs/alphaloop/pr/1")


def _invented_conversation(folder):
    git(folder, "update-ref", "refs/alphaloop/pr/7", "refs/alphaloop/pr/1")


def _ledger_is_a_tag(folder):
    git(folder, "-c", "tag.gpgsign=false", "tag", "-a", "-m", "x", "t", LEDGER)
    (folder / ".git" / LEDGER).write_text(git(folder, "rev-parse", "t") + "\n")


def _ledger_is_main(folder):
    git(folder, "symbolic-ref", LEDGER, "refs/heads/main")


def _another_genesis(folder):
    tip = git(folder, "rev-parse", LEDGER)
    raw = git(folder, "cat-file", "commit", tip).encode() + b"\n"
    lines = [line for line in raw.split(b"\n") if not line.startswith(b"parent ")]
    alone = git(folder, "hash-object", "-t", "commit", "-w", "--stdin", stdin=b"\n".join(lines))
    git(folder, "update-ref", LEDGER, alone)


def _shallow(folder):
    end, gone = (git(folder, "rev-parse", f"{LEDGER}~{back}") for back in (3, 4))
    (folder / ".git" / "shallow").write_text(f"{end}\n")
    (folder / ".git" / "objects" / gone[:2] / gone[2:]).unlink()


def _missing_blob(folder):
    blob = git(folder, "rev-parse", f"{LEDGER}~3:entry.json")
    (folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()


def _object_under_anothers_name(folder):
    a, b = (git(folder, "rev-parse", f"{LEDGER}~{back}:entry.json") for back in (1, 2))
    paths = [folder / ".git" / "objects" / blob[:2] / blob[2:] for blob in (a, b)]
    paths[0].chmod(0o644)
    paths[0].write_bytes(paths[1].read_bytes())


def _alternates(folder):
    """Another store behind the first, with a lie under a name that the first has too."""
    blob = git(folder, "rev-parse", f"{LEDGER}:entry.json")
    lie = folder.parent / "lies" / blob[:2]
    lie.mkdir(parents=True)
    (lie / blob[2:]).write_bytes((folder / ".git" / "objects" / blob[:2] / blob[2:]).read_bytes()[::-1])
    info = folder / ".git" / "objects" / "info"
    info.mkdir(exist_ok=True)
    (info / "alternates").write_text(f"{folder.parent / 'lies'}\n")


def _mark_is_garbage(folder):
    (folder / ".alphaloop" / "high-water").write_bytes(b"\xff\x00")


SEEN = [
    _drop,
    _reorder,
    _double,
    _truncate_behind_an_anchor,
    _roll_back_here,
    _older_constitution,
    _older_constitution_on_top,
    _main_from_elsewhere,
    _no_ledger,
    _no_conversation,
    _conversation_of_another,
    _invented_conversation,
    _ledger_is_a_tag,
    _ledger_is_main,
    _another_genesis,
    _shallow,
    _missing_blob,
    _object_under_anothers_name,
    _mark_is_garbage,
    _alternates,
]


def _spliced(folder, change):
    """Put entries together anew, each with its own signature, and forget that they were seen."""
    line = git(folder, "rev-list", "--reverse", LEDGER).split()
    tip = line[0]
    for identity in change(line)[1:]:
        raw = git(folder, "cat-file", "commit", identity).encode() + b"\n"
        parent = git(folder, "rev-parse", f"{identity}~1")
        raw = raw.replace(parent.encode(), tip.encode(), 1)
        tip = git(folder, "hash-object", "-t", "commit", "-w", "--stdin", stdin=raw)
    (folder / ".alphaloop" / "high-water").unlink()
    git(folder, "update-ref", LEDGER, tip)


@pytest.mark.parametrize("attack", SEEN, ids=lambda attack: attack.__name__.strip("_"))
def test_an_attack_on_the_repository_is_seen(folder, attack):
    attack(folder)
    assert falses(folder)


def test_entries_of_another_desk_are_refused(folder, other):
    """Its keys are its own, its genesis is another, and its whole ledger leads to no main of ours."""
    git(folder, "fetch", "-q", str(other), f"{LEDGER}:refs/heads/theirs")
    theirs = git(folder, "rev-parse", "refs/heads/theirs")
    git(folder, "update-ref", LEDGER, theirs)
    (folder / ".alphaloop" / "high-water").unlink()
    assert falses(folder)
    raw = git(folder, "cat-file", "commit", theirs).encode() + b"\n"
    ours = git(folder, "rev-parse", f"{LEDGER}@{{1}}") if (folder / ".git/logs" / LEDGER).exists() else ""
    onto = ours or git(folder, "rev-list", "--max-count=1", "refs/alphaloop/pr/3")
    moved = raw.replace(git(folder, "rev-parse", f"{theirs}~1").encode(), onto.encode(), 1)
    git(
        folder, "update-ref", LEDGER, git(folder, "hash-object", "-t", "commit", "-w", "--stdin", stdin=moved)
    )
    assert falses(folder)


def _replace(folder):
    """A replacement of an entry's file by another one: git itself shows it everywhere."""
    one, two = (git(folder, "rev-parse", f"{LEDGER}~{back}:entry.json") for back in (0, 1))
    git(folder, "replace", one, two)
    assert git(folder, "cat-file", "blob", one) == git(folder, "cat-file", "blob", two)


def _graft(folder):
    tip, far = git(folder, "rev-parse", LEDGER), git(folder, "rev-parse", f"{LEDGER}~5")
    (folder / ".git" / "info").mkdir(exist_ok=True)
    (folder / ".git" / "info" / "grafts").write_text(f"{tip} {far}\n")


def _configured(folder):
    git(folder, "config", "core.commitGraph", "true")
    git(folder, "config", "core.fsmonitor", "touch stolen")
    git(folder, "commit-graph", "write", "--reachable")


def _another_tag_of_that_name(folder):
    git(folder, "update-ref", f"refs/tags/{LEDGER}", "main")
    git(folder, "update-ref", f"refs/heads/{LEDGER}", "main")


@pytest.mark.parametrize(
    "attack",
    [_replace, _graft, _configured, _another_tag_of_that_name],
    ids=lambda attack: attack.__name__.strip("_"),
)
def test_what_git_would_believe_is_not_believed(told, folder, attack):
    """Not seen as a lie, because nobody here reads it: every entry is what it was."""
    attack(folder)
    assert falses(folder) == []
    assert verify(folder).entries == verify(told).entries
    assert not (folder / "stolen").exists()


def test_a_date_says_nothing_and_a_lost_key_says_nothing_later(folder):
    """Backdated, a stranger's entry stays a stranger's; honest ones count whatever date they claim."""
    forge = LocalForge(folder)
    tip = forge.git.commit(forge.ledger.entries()[-1].commit)
    fields = statement.read(forge.git.file(tip.id, "entry.json"), "entry.json")
    fields |= {"number": fields["number"] + 1, "key": "lesson:dated"}
    blob = Object("blob", statement.written(fields))
    nodes = {**forge.git.nodes(tip.tree), "entry.json": Node(objects.REGULAR, blob.id)}
    tree = objects.tree(nodes)
    content = commits.payload(tree.id, (tip.id,), "quant", record.message(fields), 1)
    stranger = commits.sealed(content, signature.signed(Ed25519PrivateKey.generate(), content))
    honest = commits.sealed(content, forge.keys.armour("quant", content))
    forge.git.write([blob, tree, stranger, honest])
    forge.shut()
    git(folder, "update-ref", LEDGER, stranger.id)
    assert any("no principal" in line for line in falses(folder))
    git(folder, "update-ref", LEDGER, honest.id)
    assert falses(folder) == []


def test_a_random_byte_that_is_flipped_is_seen_or_changes_nothing(told, tmp_path):
    """In loose objects, in packs with their indexes, and in references, loose and packed."""
    packed = shutil.copytree(told, tmp_path / "packed", symlinks=True)
    git(packed, "gc", "-q")
    chance = random.Random(11)
    wanted = verify(told)
    unseen = []
    for number in range(FLIPS):
        desk = (told, packed)[number % 2]
        copy = shutil.copytree(desk, tmp_path / "copy", symlinks=True)
        roots = [copy / ".git" / "objects", copy / ".git" / "refs", copy / ".git" / "packed-refs"]
        files = sorted(
            path
            for root in roots
            for path in (root, *root.rglob("*"))
            if path.is_file() and path.stat().st_size and "commit-graph" not in path.name
        )
        path = chance.choice(files)
        raw = bytearray(path.read_bytes())
        place = chance.randrange(len(raw))
        raw[place] ^= 1 << chance.randrange(8)
        path.chmod(0o644)
        path.write_bytes(raw)
        report = verify(copy)
        if report.sound and (report.entries != wanted.entries or _state(copy) != _state(desk)):
            unseen.append(f"{path.relative_to(copy)} byte {place}")
        shutil.rmtree(copy)
    assert unseen == []


def _state(folder):
    """The references that anything rests on; a change's own branch may go whenever its author likes."""
    wanted = ("refs/heads/main", LEDGER, "refs/alphaloop")
    return git(folder, "for-each-ref", "--format=%(refname) %(objectname)", *wanted)
