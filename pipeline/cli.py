"""The commands: ``ronghe report | check | templates | batch | verify | lab``, also ``python -m pipeline``.

Exit status: 0 clean; 1 done, with rejected rows, refused files, unusable cells or damage found; 2 wrong usage;
3 failed or stopped by Ctrl-C, nothing published; 141, without a word, when the reader of the output
left (``| head -1``), as a shell reports it of any program: 128 + SIGPIPE.
Rooms are imported inside the commands, so that each loads only what it needs.
"""

import argparse
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from pipeline.catalog import CatalogError
from pipeline.parameters import ParameterError, SpokenError, check_lang, nearest, normalise_quarter
from pipeline.runs.fingerprints import fingerprint_package
from pipeline.runs.places import Workspace, find_workspace
from pipeline.runs.progress import Progress
from pipeline.runs.quarter import Request, report_quarter
from pipeline.runs.report_words import outcome_lines
from pipeline.runs.returned import change_lines, count_line
from pipeline.runs.secretary import check_internal, page_of, write_secretary_page
from pipeline.runs.verifying import verify
from pipeline.runs.watching import changes_in, snapshot
from pipeline.runs.workers import processors, stopping_like_ctrl_c
from pipeline.texts import LANGUAGES, Texts, load_texts

CLEAN, WITH_FAULTS, WRONG_USAGE, FAILED, READER_LEFT = 0, 1, 2, 3, 141
FLAGS = frozenset({"force", "explain", "debug", "pack", "secretary", "kernel", "watch"})
METAVARS = {
    "quarter": "2021Q4",
    "lang": "zh|en",
    "json": "FILE",
    "workers": "N",
    "scheduler": "ADDRESS",
}  # the others take a folder
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "report": (
        *("bureau", "quarter", "lang", "processed", "figures", "pack", "secretary", "watch", "kernel"),
        *("force", "debug"),
    ),
    "check": ("json", "returned", "explain", "lang", "debug"),
    "templates": ("bureau", "lang", "debug"),
    "batch": ("quarter", "workers", "scheduler", "lang", "processed", "figures", "force", "debug"),
    "verify": ("lang", "debug"),
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


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        _accept_chinese(stream)
    texts, is_debugged = load_texts(_language_of(arguments)), "--debug" in arguments
    try:
        status = _guarded(lambda: _run(arguments, texts), is_debugged, texts)
        sys.stdout.flush()  # a reader that left is noticed here, not when Python ends
        return status
    except KeyboardInterrupt as error:
        _tell(texts("cli.interrupted"), error, is_debugged)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at its end
        return READER_LEFT
    return FAILED


def _guarded(work: Callable[[], int], is_debugged: bool, texts: Texts) -> int:
    """Return the status of ``work``; of an error, tell it in one paragraph and return the status that it means."""
    try:
        return work()
    except SpokenError as error:
        _tell(error.tell(texts), error, is_debugged)
        return error.exit_status
    except CatalogError as error:
        _tell(texts("cli.catalog_error", reason=error), error, is_debugged)
    except BrokenPipeError:
        raise  # the reader of the output left: nobody is there to be told
    except OSError as error:
        told = texts("cli.system_error", file=error.filename or "—", reason=error.strerror or error)
        _tell(told, error, is_debugged)
    except Exception as error:  # noqa: BLE001 - whatever happens, a person reads one paragraph and a script a status
        reason = " ".join(str(error).split())
        _tell(texts("cli.unexpected", error=type(error).__name__, reason=reason), error, is_debugged)
    return FAILED


def _run(arguments: list[str], texts: Texts) -> int:
    args = _parse(arguments, texts)
    if args.command is None:
        _parser(texts).print_help(sys.stderr)
        return WRONG_USAGE
    check_lang(args.lang or LANGUAGES[0])
    return COMMANDS[args.command](args, texts)


def _report(args: argparse.Namespace, texts: Texts) -> int:
    workspace = find_workspace()
    request = Request(
        bureau=_path(args.bureau, workspace.sample),
        quarter=normalise_quarter(args.quarter) if args.quarter is not None else None,
        lang=texts.lang,
        processed=_path(args.processed, workspace.processed),
        figures=_path(args.figures, workspace.figures),
        is_forced=args.force,
        with_pack=args.pack,
        at_once=processors(),
        in_kernel=args.kernel,
    )
    if args.secretary:
        check_internal(request)
    with stopping_like_ctrl_c():
        return (_watch if args.watch else _report_once)(request, args, workspace, texts)


def _watch(request: Request, args: argparse.Namespace, workspace: Workspace, texts: Texts) -> int:
    """Report, and again whenever a workbook has been saved, until Ctrl-C; what goes wrong on the way is told.

    Wrong parameters end it at once: no workbook mends them.
    """
    request.check()
    code, seen = fingerprint_package(workspace), snapshot(request.bureau)
    status = _guarded(lambda: _report_once(request, args, workspace, texts), args.debug, texts)
    again = replace(request, is_forced=False)  # once is what was asked for
    print(texts("watch.begun", bureau=_shown(request.bureau)), flush=True)
    try:
        for _ in changes_in(request.bureau, seen):
            if fingerprint_package(workspace) != code:
                raise SpokenError("watch.code_changed")  # what is warm is the code as it was
            status = _guarded(lambda: _report_once(again, args, workspace, texts), args.debug, texts)
            print(texts("watch.waiting"), flush=True)
    except KeyboardInterrupt:
        print(texts("watch.ended"))
    return status


def _report_once(request: Request, args: argparse.Namespace, workspace: Workspace, texts: Texts) -> int:
    outcome = report_quarter(request, workspace, texts, Progress(sys.stdout, texts, request.steps))
    for line in outcome_lines(outcome, texts, _shown):
        print(line)
    page = page_of(outcome.places, outcome.manifest.basis.parameters.quarter)
    if args.secretary:
        write_secretary_page(outcome.places, outcome.manifest.basis.parameters.quarter, texts.lang)
        print(texts("secretary.written", path=_shown(page)))
    elif page.is_file() and not outcome.is_unchanged:
        print(texts("secretary.stale", path=_shown(page)))
    return outcome.manifest.exit_status


def _check(args: argparse.Namespace, texts: Texts) -> int:
    if not args.places:
        raise UsageError("cli.no_path", command="ronghe check")
    from pipeline.runs.checking import check, check_lines, check_targets, write_json  # loads pandas

    places = [Path(place) for place in args.places]
    check_targets(places, _given(args.json), _given(args.returned))
    checked = check(places, texts)
    if args.explain:
        from pipeline.runs.explaining import explain_lines

        for line in explain_lines(places, texts):
            print(line)
        print()
    for line in check_lines(checked, texts):
        print(line)
    if args.json:
        write_json(checked, Path(args.json))
        print(texts("cli.json_written", path=_shown(Path(args.json))))
    if args.returned:
        from pipeline.runs.returning import return_checked

        memory = return_checked(places, checked, Path(args.returned))
        for line in (*change_lines(memory, texts), count_line(memory, _shown(Path(args.returned)), texts)):
            print(line)
    return checked.exit_status


def _templates(args: argparse.Namespace, texts: Texts) -> int:
    if not args.places:
        raise UsageError("cli.no_folder", command="ronghe templates")
    from pipeline.runs.templates import write_templates  # loads pandas

    for line in write_templates(Path(args.places), _given(args.bureau), texts):
        print(line)
    return CLEAN


def _batch(args: argparse.Namespace, texts: Texts) -> int:
    if not args.places:
        raise UsageError("cli.no_folder", command="ronghe batch")
    from pipeline.runs.batch import BatchRequest
    from pipeline.runs.batch_progress import BatchProgress
    from pipeline.runs.batch_words import outcome_lines as batch_lines
    from pipeline.runs.cluster_batch import Where, run_batch_where

    workspace = find_workspace()
    request = BatchRequest(
        root=Path(args.places),
        quarter=normalise_quarter(args.quarter) if args.quarter is not None else None,
        lang=texts.lang,
        processed=_path(args.processed, workspace.processed),
        figures=_path(args.figures, workspace.figures),
        workers=_whole_number(args.workers),
        is_forced=args.force,
    )
    places = (args.places, args.processed or str(request.processed), args.figures or str(request.figures))
    where = Where(*places, scheduler=args.scheduler)
    outcome, shown = run_batch_where(where, request, texts, BatchProgress(sys.stdout, texts), _shown)
    for line in batch_lines(outcome, texts, shown):
        print(line)
    return outcome.exit_status


def _verify(args: argparse.Namespace, texts: Texts) -> int:
    if not args.places:
        raise UsageError("cli.no_folder", command="ronghe verify")
    verdict = verify(Path(args.places), find_workspace())
    for damage in verdict.damage:
        print(texts(f"cli.damage_{damage.fault}", path=damage.path))
    if not verdict.tables_checked:
        print(texts("cli.tables_elsewhere"))
    key = "cli.verified_damaged" if verdict.damage else "cli.verified"
    print(texts(key, files=verdict.files, faults=len(verdict.damage)))
    return WITH_FAULTS if verdict.damage else CLEAN


def _lab(_: argparse.Namespace, texts: Texts) -> int:
    notebooks = find_workspace().notebooks
    print(texts("cli.lab", folder=_shown(notebooks)), flush=True)
    done = subprocess.run([sys.executable, "-m", "jupyterlab", str(notebooks)], check=False)
    if done.returncode:
        raise SpokenError("cli.lab_failed", status=done.returncode)
    return CLEAN


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Texts], int]] = {
    "report": _report,
    "check": _check,
    "templates": _templates,
    "batch": _batch,
    "verify": _verify,
    "lab": _lab,
}


def _parse(arguments: list[str], texts: Texts) -> argparse.Namespace:
    """Return the parsed command line; raises `UsageError` with the nearest valid word."""
    if arguments and not arguments[0].startswith("-") and arguments[0] not in OPTIONS:
        raise UsageError("cli.unknown_command", seen=arguments[0], nearest=nearest(arguments[0], OPTIONS))
    try:
        args, unknown = _parser(texts).parse_known_args(arguments)
    except argparse.ArgumentError as error:  # the one fault that is left to argparse: an option without its value
        raise UsageError("cli.missing_value", option=error.argument_name) from error
    if unknown:
        known = [f"--{option}" for option in OPTIONS[args.command]] if args.command else list(OPTIONS)
        raise UsageError("cli.unknown_option", seen=unknown[0], nearest=nearest(unknown[0], known))
    return args


def _parser(texts: Texts) -> argparse.ArgumentParser:
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
    group.add_argument("-h", "--help", action="help", help=texts("cli.option_help"))
    return group


def _language_of(arguments: Sequence[str]) -> str:
    """Return the language to speak, also when the rest of the command line is wrong."""
    for place, word in enumerate(arguments):
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else None
        if word == "--lang" and place + 1 < len(arguments):
            value = arguments[place + 1]
        if value in LANGUAGES:
            return str(value)
    return LANGUAGES[0]


def _accept_chinese(stream: TextIO) -> None:
    """Let a stream take every character: one that its encoding lacks becomes a question mark, never a crash."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is None:
        return  # replaced by a test or a window without a console
    try:
        "融合".encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        reconfigure(encoding="utf-8", errors="replace")
    else:
        reconfigure(errors="replace")


def _tell(paragraph: str, error: BaseException, is_debugged: bool) -> None:
    print(paragraph, file=sys.stderr)
    if is_debugged:
        traceback.print_exception(error)
        print(getattr(error, "trace", ""), file=sys.stderr)  # of the notebook, where there was one


def _given(option: str | None) -> Path | None:
    return Path(option) if option else None


def _whole_number(option: str | None) -> int | None:
    if option is None:
        return None
    if not option.strip().isdecimal():
        raise UsageError("batch.bad_workers", seen=option)
    return int(option)


def _path(option: str | None, default: Path) -> Path:
    return _given(option) or default


def _shown(path: Path) -> str:
    """Return a path as short as it can be typed from here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else os.fspath(path)
