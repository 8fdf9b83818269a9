"""The part of docs/reference.md that tells the command line, from the commands themselves."""

import inspect
import re
from collections.abc import Iterator

import click
from rendering import table

from alphaloop.doors.cli import COMMANDS
from alphaloop.doors.cli import commands as program


def command_line() -> Iterator[str]:
    """Every command with its options, in the order of the table of commands."""
    context = click.Context(program, info_name="alphaloop")
    for name in COMMANDS:
        command = program.get_command(context, name)
        if command is None:
            raise LookupError(f"`alphaloop {name}` is in the table of commands and cannot be had")
        yield from _one_command(command, click.Context(command, info_name=name, parent=context))


def _one_command(command: click.Command, context: click.Context) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name, member in command.commands.items():
            yield from _one_command(member, click.Context(member, info_name=name, parent=context))
        return
    arguments = [piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"]
    yield f"### `{' '.join([context.command_path, *arguments])}`"
    yield ""
    yield inspect.cleandoc(command.help or "").replace("  ", " ")
    yield ""
    named = (option for option in command.params if isinstance(option, click.Option))
    rows = [row for option in named if (row := option.get_help_record(context))]
    if rows:
        yield from table(("option", "meaning"), ((_typed(name), _plain(words)) for name, words in rows))
        yield ""


def _typed(option: str) -> str:
    return f"`{option.lower().replace('integer range', 'n')}`"


def _plain(words: str) -> str:
    """An option's meaning without the bounds of its number, which the type says."""
    return re.sub(r"  \[(.*)]$", lambda found: f" ({found[1].partition(';')[0]})", words)
