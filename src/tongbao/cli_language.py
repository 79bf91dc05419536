"""The language of the command line: which one, help in it, and what is said of wrong arguments."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import typer
from rich.markup import escape
from rich.text import Text
from typer.exceptions import TyperException

from tongbao.basics.catalogue import LANGUAGES, Lang, language_of
from tongbao.basics.errors import Original, UsageError
from tongbao.cli_output import listed, out, wrapped


def chosen(arguments: Sequence[str]) -> tuple[Lang, list[str]]:
    """The language asked for by ``--lang``, or else by the environment; and the arguments without ``--lang``.

    It may stand anywhere, and is looked for before all else, since help and errors come in that language.

    Raises:
        UsageError: a language that there is not.
    """
    rest = list(arguments)
    before = rest.index("--") if "--" in rest else len(rest)
    place = next((place for place, argument in enumerate(rest[:before]) if argument.split("=")[0] == "--lang"), None)
    if place is None:
        return language_of(os.environ), rest
    _, equals, given = rest.pop(place).partition("=")
    if not equals and place < len(rest):
        given = rest.pop(place)
    if given not in LANGUAGES:
        raise UsageError(f"no language {given}" if given else "no language given", expected="zh or en")
    return "zh" if given == "zh" else "en", rest


def with_help(command: Any) -> Any:
    """A command of Typer's that prints its help as we do: in one language, and with Chinese broken where it may be."""
    command.format_help = partial(_print_help, command)
    for inner in getattr(command, "commands", {}).values():
        with_help(inner)
    return command


def _print_help(command: Any, context: typer.Context, _: object) -> None:
    pieces = ["[OPTIONS]", *map(_in_usage, command.params)]
    pieces += ["COMMAND [ARGS]..."] if hasattr(command, "commands") else []
    usage = " ".join([context.command_path, *map(out.tell, filter(None, pieces))])
    out.print(f"[bold]Usage:[/] {escape(usage)}\n")
    for part in (command.help or "").split("\n\n"):
        text = " ".join(part.split())
        indent = "  " if text.startswith("tongbao ") else ""
        out.print(escape("\n".join(wrapped(out.tell(indent + text), out.width))) + "\n")
    parameters = [*command.params, command.get_help_option(context)]
    named = [(", ".join(parameter.opts), parameter) for parameter in parameters]
    arguments = [(_metavar(one), one.help) for _, one in named if one.param_type_name == "argument"]
    options = [(f"{name} {_metavar(one)}".rstrip(), one.help) for name, one in named if one.param_type_name == "option"]
    commands = [(name, (inner.help or "").split("\n\n")[0]) for name, inner in getattr(command, "commands", {}).items()]
    for title, rows in (("Arguments", arguments), ("Options", options), ("Commands", commands)):
        _print_rows(title, rows)


def _print_rows(title: str, rows: Iterable[tuple[str, str]]) -> None:
    told = [(left, out.tell(" ".join(right.split()))) for left, right in rows]
    if told:
        out.print(f"[bold]{out.tell(title)}[/]")
        out.print(Text(listed(told, out.width) + "\n"))  # a command's name stays as it is typed


def _in_usage(parameter: Any) -> str:
    """What is always given, and arguments in brackets that need not be."""
    if parameter.param_type_name == "option":
        return f"{parameter.opts[0]} {_metavar(parameter)}" if parameter.required else ""
    name = _metavar(parameter) if parameter.required else f"[{_metavar(parameter)}]"
    return f"{name}..." if parameter.nargs == -1 and "..." not in name else name


def _metavar(parameter: Any) -> str:
    return "" if getattr(parameter, "is_flag", False) else out.tell(parameter.metavar or "")


def usage_error(error: TyperException) -> UsageError | None:
    """What Typer says of wrong arguments, as an error of ours; nothing where it printed help instead."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return None
    context = getattr(error, "ctx", None)
    message, missing = error.format_message(), getattr(error, "param", None)
    if missing is not None:
        message = message.replace(f"'{missing.metavar}'", f"'{_metavar(missing)}'")
    return UsageError(message, hint=Original(f"{context.command_path} --help") if context else None)
