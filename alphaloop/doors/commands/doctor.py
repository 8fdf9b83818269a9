"""`alphaloop doctor`: what works on this machine."""

from dataclasses import asdict
from pathlib import Path

import click

from alphaloop.doors.printing import emit
from alphaloop.doors.probes import Probe, probes


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def command(as_json: bool) -> None:
    """Probe git, sandboxes, engine, this repository's keys, tapes and store; 3 when what is needed lacks."""
    found = probes(Path())
    if as_json:
        emit({"probes": [asdict(probe) for probe in found]})
    else:
        for probe in found:
            click.echo(f"{_standing(probe):<7}  {probe.name}: {probe.words}")
    raise SystemExit(0 if all(probe.works or not probe.needed for probe in found) else 3)


def _standing(probe: Probe) -> str:
    if probe.works:
        return "ok"
    return "LACKING" if probe.needed else "absent"
