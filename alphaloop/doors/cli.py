"""The command line: a table of commands, and the one broad `except` of the program.

Commands are imported when they are called, so that `--help` stays fast.
"""

import importlib
import os
import sys
import traceback
from difflib import get_close_matches

import click

from alphaloop.errors import AlphaLoopError

COMMANDS = {
    "init": "Make a strategy repository: files, keys, first signed commit.",
    "run": "Run turns of the loop.",
    "advance": "Take the steps that are unlocked on any pull request.",
    "review": "Judge a candidate against main.",
    "simulate": "Play one episode and print its numbers.",
    "ingest": "Turn recorded exchange messages into a tape.",
    "calibrate": "Fit a world to a tape, and say how well it matches.",
    "store": "Say what is kept of tapes and journals, or ask it with SQL.",
    "metrics": "Measure main's strategy: the four layers.",
    "pr": "The pull requests of this repository: open, push, list, show, comment.",
    "explain": "Tell why a change or a commit did or did not land.",
    "rollback": "Go back to the last confirmed release.",
    "stop": "Stop the desk at once.",
    "resume": "Let the desk go on after a stop; needs a human's key.",
    "keys": "Whose key is which; add, rotate or revoke one.",
    "policy": "Say what would happen to an imagined change.",
    "sync": "Bring this clone and its origin together; nothing is forced.",
    "hooks": "Let a repository refuse to rewrite what only grows.",
    "judge": "Say which program judges here, or let another one in.",
    "verify": "Recompute everything that the ledger says.",
    "bench": "Reproduce published results with the product's own parts.",
    "arena": "Try the gate on worlds whose truth is known.",
    "compile": "Make this program's compiled form, which plays the same and faster.",
    "doctor": "Say what works on this machine.",
}
BROKEN = 3


class Commands(click.Group):
    """A group whose members are imported when they are called, with did-you-mean."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself; an unknown word is answered with the nearest known one."""
        if cmd_name in COMMANDS:
            module = importlib.import_module(f"alphaloop.doors.commands.{cmd_name}")
            command: click.Command = module.command
            return command
        near = get_close_matches(cmd_name, COMMANDS, n=1)
        hint = f"did you mean '{near[0]}'?" if near else "`alphaloop --help` lists them."
        raise click.UsageError(f"there is no command '{cmd_name}'; {hint}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the table as it stands, without importing any command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="alphaloop")
def commands() -> None:
    """A desk of nine agents that improves and governs a trading strategy's repository.

    Exit codes: 0 done or approved, 1 held or vetoed, 2 usage or configuration, 3 broken.
    """


def main() -> None:
    """Run one command; whatever goes wrong becomes words on standard error and an exit code."""
    try:
        commands(prog_name="alphaloop")
    except AlphaLoopError as error:
        click.echo(f"alphaloop: {error}", err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        click.echo("alphaloop: interrupted; nothing is lost, run the same command again to go on", err=True)
        sys.exit(BROKEN)
    except BrokenPipeError:
        # The reader of our output has left: there is nobody to tell, and flushing at exit would raise again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(BROKEN)
    except OSError as error:
        # What the machine refuses (a full disk, a closed folder) is the operator's to mend.
        click.echo(
            f"alphaloop: {error}; nothing was approved: mend that and run the same command again", err=True
        )
        sys.exit(BROKEN)
    except Exception:
        traceback.print_exc()
        click.echo(
            "alphaloop: this is a fault of AlphaLoop itself; nothing was approved. Please report it.",
            err=True,
        )
        sys.exit(BROKEN)
