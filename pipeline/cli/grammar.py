"""What may be written after ``ronghe``: commands, their options and places. Imports nothing heavy."""

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.parameters import ParameterError, nearest
from pipeline.texts import LANGUAGES, Texts

HELP = ("-h", "--help")
FLAGS = frozenset({"force", "explain", "debug", "pack", "secretary", "kernel", "watch"})
METAVARS = {
    "quarter": "2021Q4",
    "lang": "zh|en",
    "json": "FILE",
    "workers": "N",
    "scheduler": "ADDRESS",
    "log": "FILE",
    "publications": "FILE",
}  # the others take a folder
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "report": (
        *("bureau", "quarter", "lang", "processed", "figures", "pack", "secretary", "watch", "kernel"),
        *("publications", "log", "force", "debug"),
    ),
    "check": ("json", "returned", "explain", "log", "lang", "debug"),
    "templates": ("bureau", "lang", "debug"),
    "batch": (
        *("quarter", "workers", "scheduler", "lang", "processed", "figures", "publications", "log", "force", "debug"),
    ),
    "verify": ("processed", "publications", "log", "lang", "debug"),
    "lab": ("lang", "debug"),
}
PLACES: Mapping[str, tuple[str, str]] = {
    "check": ("PATH", "*"),
    "templates": ("DIR", "?"),
    "batch": ("ROOT", "?"),
    "verify": ("DIR", "?"),
}


class UsageError(ParameterError):
    """Raised when the command line itself is wrong."""


def parse(arguments: list[str], texts: Texts) -> argparse.Namespace:
    """Return the parsed command line; raises `UsageError` with the nearest valid word."""
    if arguments and arguments[0].startswith("-") and arguments[0] not in HELP:
        raise _before_the_command(arguments)
    if arguments and arguments[0] not in (*OPTIONS, *HELP):
        raise UsageError("cli.unknown_command", seen=arguments[0], nearest=nearest(arguments[0], OPTIONS))
    try:
        args, unknown = parser_of(texts).parse_known_args(arguments)
    except argparse.ArgumentError as error:  # the one fault that is left to argparse: an option without its value
        raise UsageError("cli.missing_value", option=error.argument_name) from error
    if unknown:
        known = [f"--{option}" for option in OPTIONS[args.command]] if args.command else list(OPTIONS)
        raise UsageError("cli.unknown_option", seen=unknown[0], nearest=nearest(unknown[0], known))
    _check_given(args)
    return args


def _before_the_command(arguments: Sequence[str]) -> UsageError:
    """Return what is wrong with a command line that begins with an option."""
    option = arguments[0].partition("=")[0]
    name = option.removeprefix("--")
    commands = [command for command, options in OPTIONS.items() if name in options]
    if not commands or not option.startswith("--"):
        return UsageError("cli.unknown_option", seen=arguments[0], nearest=nearest(arguments[0], OPTIONS))
    meant = next((word for word in arguments[1:] if word in commands), commands[0])
    value = "" if name in FLAGS else f" {METAVARS.get(name, 'DIR')}"
    example = f"ronghe {meant} {option}{value}"
    return UsageError("cli.command_first", option=option, example=example, commands=", ".join(OPTIONS))


def _check_given(args: argparse.Namespace) -> None:
    """Raise `UsageError` for an option or a place that is empty: a variable of a script that was never set would else
    stand for the sample bureau, or for the current folder.
    """
    for option in OPTIONS[args.command] if args.command else ():
        if getattr(args, option) in ("", []):  # a list is what argparse makes of --option=--
            raise UsageError("cli.missing_value", option=f"--{option}")
    places = getattr(args, "places", None)
    if isinstance(places, list) and "" in places:
        raise UsageError("cli.no_path", command=f"ronghe {args.command}")


def parser_of(texts: Texts) -> argparse.ArgumentParser:
    """Return the parser of every command, in the reader's language."""
    parser = argparse.ArgumentParser(**_settings("ronghe", texts("cli.about")))
    _help_group(parser, texts)
    commands = parser.add_subparsers(dest="command", title=texts("cli.commands"), metavar="")
    for name, options in OPTIONS.items():
        about = texts(f"cli.about_{name}")
        command = commands.add_parser(name, help=about, **_settings(f"ronghe {name}", about))
        if name in PLACES:
            metavar, count = PLACES[name]
            places = command.add_argument_group(texts("cli.places"))
            places.add_argument("places", nargs=count, metavar=metavar, help=texts(f"cli.place_{name}"))
        group = _help_group(command, texts)
        for option in options:
            about = texts(f"cli.option_{option}")
            if option in FLAGS:
                group.add_argument(f"--{option}", action="store_true", help=about)
            else:
                group.add_argument(f"--{option}", metavar=METAVARS.get(option, "DIR"), help=about)
    return parser


def _settings(prog: str, about: str) -> dict[str, Any]:
    return {"prog": prog, "description": about, "add_help": False, "allow_abbrev": False, "exit_on_error": False}


def _help_group(parser: argparse.ArgumentParser, texts: Texts) -> "argparse._ArgumentGroup":
    group = parser.add_argument_group(texts("cli.options"))
    group.add_argument(*HELP, action="help", help=texts("cli.option_help"))
    return group


def language_of(arguments: Sequence[str]) -> str:
    """Return the language to speak, also when the rest of the command line is wrong."""
    for place, word in enumerate(arguments):
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else None
        if word == "--lang" and place + 1 < len(arguments):
            value = arguments[place + 1]
        if value in LANGUAGES:
            return str(value)
    return LANGUAGES[0]
