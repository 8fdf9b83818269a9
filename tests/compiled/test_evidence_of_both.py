"""Evidence says nothing of the form that made it, because the other form comes to the same."""

import json
import subprocess

import pytest

from alphaloop.sandbox.lockdown import missing_here


def test_what_the_compiled_form_has_judged_is_verified_from_source(compiled, door, never, tmp_path):
    """A desk of short episodes, one turn of it compiled; the ledger, its decision and its pairs hold."""
    if missing := missing_here():
        pytest.skip(f"no lockdown here: {'; '.join(missing)}")

    def at_the_door(*words, form=""):
        return door(compiled, *words, form=form, folder=tmp_path / "desk" if words[0] != "init" else tmp_path)

    assert at_the_door("init", "desk", "--world", "avellaneda-stoikov", "--human", "ann").returncode == 0
    market = tmp_path / "desk" / "market.yaml"
    shorter = (
        market.read_text()
        .replace("proof_s: 6.0", "proof_s: 1.0")
        .replace("params: {}", "params: {games: 1.0}")
    )
    market.write_text(shorter.replace("episode_s: 200.0", "episode_s: 40.0"))
    subprocess.run(["git", "commit", "-qam", "Shorter"], cwd=market.parent, check=True, timeout=30)
    turn = json.loads(at_the_door("run", "--seed", "1", "--json").stdout)
    assert turn["evidence"].startswith("sha256:")
    verified = at_the_door("verify", form=never)
    assert verified.returncode == 0, verified.stdout
    replayed = [line for line in verified.stdout.splitlines() if line.startswith("replayed ")]
    assert len(replayed) == 1
    assert replayed[0].endswith("pairs, each the same")
    assert verified.stdout.splitlines()[-1] == "every claim that can be checked here holds"
