"""Plays a candidate through the drills of its own numbers."""

from dataclasses import replace

from alphaloop.checks.bombs.ground import Ground
from alphaloop.checks.bombs.puppet import PuppetExchange
from alphaloop.checks.bombs.script import Script
from alphaloop.checks.bombs.stage import staged
from alphaloop.errors import StrategyFault
from alphaloop.market.journal import Journal
from alphaloop.ports import Sandbox, Worker
from alphaloop.simulation.episode import WALL_S, Episode
from alphaloop.simulation.timeline import SECOND_NS

RICH = 1e6
"""Times the starting capital: who is filled where the script wants it must not run out of money."""
USUAL_DECISIONS = 2_000
"""Of an episode that may take WALL_S: a long drill may take longer."""
OF_DISTANCE = ("collar", "number", "order_value")
"""Rules about how far from the mid a quote is, by which nobody is judged in a market that does not exist."""


Drilled = tuple[Journal | None, str]
"""What a drill left, None when the strategy could not be made; and how it misbehaved, "" if not."""


def drilled(source: bytes, script: Script, ground: Ground, sandbox: Sandbox) -> Drilled:
    """Play one drill in a fresh worker."""
    try:
        worker = sandbox.start(source)
    except StrategyFault as fault:
        return None, str(fault) or "the strategy could not be made and did not say why"
    return played_by(worker, script, ground)


def played_by(worker: Worker, script: Script, ground: Ground) -> Drilled:
    """Play one drill with a worker, and end it."""
    parting = ""
    try:
        journal = _played(worker, script, ground)
    finally:
        parting = _parting(worker)
    return journal, journal.fault or parting


def _played(worker: Worker, script: Script, ground: Ground) -> Journal:
    made = staged(script.beats, ground.market.instrument, script.silence_ns, script.streams)
    exchange = PuppetExchange(script.beats, made.start_ns)
    market = replace(ground.market, capital=ground.market.capital * RICH)
    asked = len(script.beats) * SECOND_NS / script.silence_ns
    wall_s = WALL_S * max(1.0, asked / USUAL_DECISIONS)
    journal = Episode(worker, made, exchange, market, ground.limits, wall_s).run()
    kept = tuple(refusal for refusal in journal.refusals if not (script.wild and refusal.rule in OF_DISTANCE))
    return replace(journal, refusals=kept)


def _parting(worker: Worker) -> str:
    try:
        worker.close()
    except StrategyFault as fault:
        return str(fault)
    return ""
