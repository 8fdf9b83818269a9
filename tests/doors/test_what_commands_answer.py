"""Every command once, as a newcomer would use it, and what programs that call it rely on."""

import json
import re
import subprocess
import sys

import pytest

from alphaloop.doors.cli import COMMANDS
from alphaloop.doors.commands import metrics
from alphaloop.market.ingest import save
from alphaloop.market.scenarios import SCENARIOS
from alphaloop.simulation.venue import tape_of

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
HEAVY = ("numpy", "git", "hftbacktest", "numba", "yaml", "cryptography", "matplotlib", "openai", "docker")
HEAVY += ("libcst", "markdown_it", "pytest", "bandit", "joblib", "alphaloop.wiring", "alphaloop.ports")


def one_object(out):
    """The one JSON object that standard output holds, and nothing beside it."""
    (line,) = out.splitlines()
    return json.loads(line)


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("pr", "--help"), ("run", "--help")])
def test_help_imports_nothing_heavy(words):
    call = "from alphaloop.doors.cli import main; main()"
    asked = [sys.executable, "-X", "importtime", "-c", call, *words]
    answer = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=True)
    imported = {line.rpartition("|")[2].strip() for line in answer.stderr.splitlines() if "|" in line}
    assert "click" in imported
    assert sorted(imported & set(HEAVY)) == []


def test_help_lists_every_command_and_the_exit_codes(door, tmp_path):
    answer = door(tmp_path, "--help")
    assert answer.code == 0
    assert all(f"  {name} " in answer.out for name in COMMANDS)
    assert "0 done or approved, 1 held or vetoed, 2 usage or configuration" in answer.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(door, tmp_path, name):
    answer = door(tmp_path, name, "--help")
    assert answer.code == 0
    assert answer.out.startswith(f"Usage: alphaloop {name}")
    assert "..." not in answer.out.replace("FILES...", "").replace("[ARGS]...", "")


def test_init_says_what_it_made_and_what_comes_next(door, tmp_path):
    answer = door(tmp_path, "init", "desk", "--human", "ann", "--world", "null", "--json")
    made = one_object(answer.out)
    assert (answer.code, made["human"], len(made["seats"])) == (0, "ann", 9)
    assert (tmp_path / "desk" / "strategy.py").is_file()
    assert oct((tmp_path / "desk" / ".alphaloop" / "keys" / "risk").stat().st_mode)[-3:] == "600"
    said = door(tmp_path, "init", "other", "--human", "ann", "--world", "null").out
    assert "Next: cd other && alphaloop run --turns 3" in said


def test_a_dry_run_reports_a_row_for_each_turn_and_moves_nothing(door, played_desk, refs):
    before = refs(played_desk)
    answer = door(played_desk, "run", "--turns", "1", "--seed", "1", "--dry-run", "--json")
    row = one_object(answer.out)
    fields = {"turn", "pr", "hypothesis", "decision", "predicted", "measured", "evidence", "seconds"}
    assert set(row) == {*fields, "stances"}
    assert row["decision"] in ("would_merge", "vetoed", "held")
    assert answer.code == (0 if row["decision"] == "would_merge" else 1)
    assert "Quant searches for a hypothesis" in answer.err
    assert all(line.startswith(("  ", "turn ", "Data ")) for line in answer.err.splitlines())
    assert refs(played_desk) == before


def test_review_answers_with_decision_findings_seconds_and_evidence(door, quiet_desk):
    answer = door(quiet_desk, "review", "strategy.py", "--json")
    found = one_object(answer.out)
    assert answer.code == 0
    assert set(found) == {"decision", "findings", "seconds", "evidence"}
    assert list(found["seconds"]) == ["bytes", "static", "proof", "stress", "surveillance", "pre-trade"]
    assert DIGEST.fullmatch(found["evidence"])
    said = door(quiet_desk, "review", "strategy.py")
    assert said.out.startswith("approved\n")
    assert found["evidence"] in said.out
    assert {line[:10] for line in said.err.splitlines()} == {"  safety: "}


@pytest.mark.parametrize("stage", ["bytes", "static", "proof", "pre-trade"])
def test_review_ends_with_the_stage_that_is_asked_for(door, quiet_desk, stage):
    found = one_object(door(quiet_desk, "review", "HEAD", "--through", stage, "--json").out)
    assert list(found["seconds"])[-1] == stage


@pytest.mark.parametrize("stage", ["scope", "bytes", "seats"])
def test_a_pull_request_is_reviewed_without_a_word_on_it(door, copied_desk, turned_desk, refs, stage):
    desk = copied_desk(turned_desk)
    before = refs(desk)["refs/alphaloop/pr/1"]
    answer = door(desk, "review", "1", "--through", stage, "--json")
    found = one_object(answer.out)
    assert (answer.code, found["decision"]) == (0, "approved")
    assert next(iter(found["seconds"])) == "scope"
    assert list(found["seconds"])[-1] == stage
    assert refs(desk)["refs/alphaloop/pr/1"] == before


def test_a_pull_request_that_was_judged_keeps_its_judgement(door, copied_desk, turned_desk):
    answer = door(copied_desk(turned_desk), "review", "1", "--through", "tournament", "--json")
    found = one_object(answer.out)
    assert (answer.code, found["decision"]) == (1, "vetoed")
    assert any(one["check"] == "tournament" and one["severity"] == "veto" for one in found["findings"])
    for one in found["findings"]:
        assert set(one) == {"check", "severity", "message", "file", "line"}
        assert one["severity"] in ("note", "warning", "veto")


def test_simulate_answers_with_metrics_digest_and_refusals(door, quiet_desk):
    answer = door(quiet_desk, "simulate", "--seed", "3", "--json")
    facts = one_object(answer.out)
    assert answer.code == 0
    assert set(facts) == {"metrics", "digest", "refused"}
    assert DIGEST.fullmatch(facts["digest"])
    assert facts["metrics"]["drop_rate"] is None
    said = door(quiet_desk, "simulate", "--seed", "3").out
    assert facts["digest"] in said
    assert max(map(len, said.splitlines())) <= 100
    assert "drop_rate" in said.partition("missing")[2]


def test_seed_world_scenario_and_strategy_make_other_episodes(door, quiet_desk, tmp_path):
    wider = (
        (quiet_desk / "strategy.py").read_text().replace('"half_spread_bps": 8.0', '"half_spread_bps": 9.0')
    )
    (tmp_path / "wider.py").write_text(wider)
    others = ([], ["--seed", "1"], ["--world", "avellaneda-stoikov"], ["--scenario", "flash_crash"])
    played = [*others, ["--strategy", tmp_path / "wider.py"], []]
    digests = [one_object(door(quiet_desk, "simulate", *more, "--json").out)["digest"] for more in played]
    assert digests[0] == digests[-1]
    assert len(set(digests)) == 5


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_can_be_simulated(door, quiet_desk, scenario):
    assert door(quiet_desk, "simulate", "--scenario", scenario).code == 0


def test_a_tape_can_be_simulated_again(door, quiet_desk, tmp_path, venue_of):
    venue = venue_of(quiet_desk)
    save(tape_of(venue, 5), tmp_path / "five.npz")
    twice = [door(quiet_desk, "simulate", "--tape", tmp_path / "five.npz", "--json").out for _ in range(2)]
    first, again = (one_object(out)["digest"] for out in twice)
    assert first == again


def test_a_recording_becomes_a_tape_that_can_be_simulated(door, copied_desk, quiet_desk, tapes):
    desk = copied_desk(quiet_desk)
    recording = tapes / "binance_usdm_btcusdt_20240808.gz"
    made = one_object(door(desk, "ingest", recording, "--as", "day.npz", "--json").out)
    assert made["pin"].startswith("day.npz@sha256:")
    assert made["sequence_gaps"] == 0
    assert door(desk, "simulate", "--tape", desk / ".alphaloop" / "tapes" / "day.npz", "--json").code == 0


def test_metrics_are_one_object_with_four_layers(door, copied_desk, quiet_desk, monkeypatch):
    desk = copied_desk(quiet_desk)
    facts = one_object(door(desk, "metrics", "--json").out)
    layers = {metric["layer"] for metric in facts["metrics"]}
    assert layers == set(facts["owners"]) == {"infrastructure", "execution", "risk", "strategy"}
    fields = {"name", "layer", "value", "unit", "target", "threshold", "status"}
    assert {frozenset(metric) for metric in facts["metrics"]} == {frozenset(fields)}
    by_name = {metric["name"]: metric for metric in facts["metrics"]}
    assert (by_name["slippage"]["target"], by_name["slippage"]["threshold"]) == ("< 2", "> 10")
    assert facts["missing"] == {
        name: facts["missing"][name] for name, metric in by_name.items() if metric["status"] == "missing"
    }
    assert facts["missing"]["drop_rate"] == "a recording"
    said = door(desk, "metrics").out
    assert "health" in said
    assert "missing, and what would carry it" in said
    assert "\x1b" not in said, "a file or a pipe gets no colour"
    monkeypatch.setattr(metrics, "_wants_colour", lambda: True)
    painted = door(desk, "metrics").out
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == said


@pytest.mark.parametrize(
    ("terminal", "environment", "coloured"),
    [
        (True, {}, True),
        (True, {"NO_COLOR": ""}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (False, {}, False),
    ],
)
def test_colour_is_for_a_terminal_whose_reader_wants_it(monkeypatch, capsys, terminal, environment, coloured):
    for name, value in ({"NO_COLOR": "", "TERM": "xterm"} | environment).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    assert metrics._wants_colour() is coloured


def test_pull_requests_are_listed_and_shown(door, turned_desk):
    (line,) = door(turned_desk, "pr", "list", "--json").out.splitlines()
    assert {"pr": 1, "author": "quant", "state": "closed"}.items() <= json.loads(line).items()
    shown = door(turned_desk, "pr", "show", "1").out
    assert "risk answered\n    **risk vetoes**" in shown
    assert "\\_" not in shown
    assert "\n\n\n" not in shown
    assert set(one_object(door(turned_desk, "pr", "show", "1", "--json").out)) == {"pr", "status", "said"}


def test_verify_holds_every_claim_on_a_line(door, turned_desk):
    answer = door(turned_desk, "verify", "--replay", "1", "--json")
    claims = [json.loads(line) for line in answer.out.splitlines()]
    assert answer.code == 0
    assert all(set(claim) == {"what", "holds", "words"} for claim in claims)
    assert {claim["holds"] for claim in claims} <= {"ok", "recomputed", "replayed", "not replayable here"}
    assert any(claim["holds"] == "recomputed" and claim["what"].startswith("evidence") for claim in claims)
    assert door(turned_desk, "verify", "--replay", "0").out.endswith("can be checked here holds\n")


def test_stop_beats_a_run_and_resume_ends_it(door, copied_desk, quiet_desk):
    desk = copied_desk(quiet_desk)
    assert door(desk, "stop", "a fire").out == (
        "stopped by human:ann: a fire. `alphaloop resume` lets the desk go on.\n"
    )
    refused = door(desk, "run")
    assert (refused.code, refused.out) == (1, "")
    assert "human:ann: a fire" in refused.err
    assert "`alphaloop resume`" in refused.err
    assert door(desk, "resume", "it is out").code == 0
    assert door(desk, "resume").out == "the desk is not stopped\n"


def test_rollback_without_a_canary_says_why_not(door, quiet_desk):
    answer = door(quiet_desk, "rollback")
    assert answer.code == 1
    assert "no canary is running" in answer.err


@pytest.mark.parametrize("command", [("run",), ("review",)])
def test_two_wishes_for_a_sandbox_that_exclude_each_other_are_refused(door, quiet_desk, command):
    refused = door(quiet_desk, *command, "--sandbox", "docker", "--unsafe")
    assert refused.code == 2
    assert "leave one out" in refused.err


def test_docker_without_an_image_is_refused_with_what_to_do(door, quiet_desk):
    refused = door(quiet_desk, "simulate", "--sandbox", "docker")
    assert refused.code == 3
    assert "ALPHALOOP_SANDBOX_IMAGE" in refused.err
    assert refused.out == ""


def test_the_doctor_knows_what_is_needed(door, quiet_desk, tmp_path):
    probes = {one["name"]: one for one in one_object(door(quiet_desk, "doctor", "--json").out)["probes"]}
    known = {
        "git",
        "lockdown",
        "docker",
        "ledger",
        "keys",
        "tapes",
        "store",
        "language model",
        "token of github",
    }
    assert known <= set(probes)
    assert not probes["docker"]["needed"]
    assert probes["store"]["works"]
    assert "none is damaged" in probes["store"]["words"]
    assert "separation is organisational" in probes["keys"]["words"]
    assert "LACKING  git" not in door(tmp_path, "doctor").out
