"""The commands: ``ronghe report | check | templates | batch | verify | lab``, also ``python -m pipeline``.

Exit status: 0 clean; 1 done, with rejected rows, refused files, unusable cells or damage found; 2 wrong usage;
3 failed or stopped by Ctrl-C, nothing published. As a shell reports it of any program, 128 + a signal: 130 (SIGINT)
when it was asked to stop for the third time; 141 (SIGPIPE), without a word, when the reader of the output left
(``| head -1``).
Rooms are imported inside the commands, so that each loads only what it needs.
"""

import argparse
import errno
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, replace
from pathlib import Path

from pipeline.cli.grammar import UsageError, language_of, parse, parser_of
from pipeline.cli.lab import open_lab
from pipeline.cli.streams import accept_chinese, begin_in_utf8, open_missing_streams
from pipeline.cli.telling import in_words, say, tell, tell_asked
from pipeline.parameters import SpokenError, check_lang, normalise_quarter
from pipeline.runs.processes.scratch import take_own_temporary_folder
from pipeline.runs.processes.stopping import stopping_when_asked
from pipeline.runs.processes.workers import processors
from pipeline.runs.publishing.publications import Publication, check_log
from pipeline.runs.publishing.verifying import verify
from pipeline.runs.quarter.report import Request, report_quarter
from pipeline.runs.quarter.report_words import outcome_lines
from pipeline.runs.quarter.secretary import check_internal, page_of, write_secretary_page
from pipeline.runs.records.fingerprints import fingerprint_package
from pipeline.runs.records.inputs import InputChanged
from pipeline.runs.records.logbook import keeping_log, reached
from pipeline.runs.records.places import Workspace, find_workspace
from pipeline.runs.records.progress import Progress
from pipeline.runs.records.returned import change_lines, count_line
from pipeline.runs.records.system_errors import naming_the_disk, tell_system_error
from pipeline.runs.records.watching import changes_in, snapshot
from pipeline.texts import LANGUAGES, Texts, load_texts

CLEAN, WITH_FAULTS, WRONG_USAGE, FAILED, READER_LEFT = 0, 1, 2, 3, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    open_missing_streams()
    if argv is None:
        begin_in_utf8()
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        accept_chinese(stream)
    texts, is_debugged = load_texts(language_of(arguments)), "--debug" in arguments
    try:
        with stopping_when_asked(lambda heard: tell_asked(heard, texts)), ExitStack() as held:
            if argv is None:  # where this is a program, and not called in one that goes on
                take_own_temporary_folder()
            status = _run_to_the_end(arguments, texts, held, is_debugged)
            reached("run.over", status=status)
    except KeyboardInterrupt:  # the second one, while the first was told or its rests cleared away
        status = FAILED
    if argv is None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing is left to stop: Python's own end must show no traceback
    return status


def _run_to_the_end(arguments: list[str], texts: Texts, held: ExitStack, is_debugged: bool) -> int:
    """Run one command and return its exit status; ``held`` gets the log, which is still kept when this returns."""
    try:
        status = _guarded(lambda: _run(arguments, texts, held), is_debugged, texts)
        sys.stdout.flush()  # a reader that left is noticed here, not when Python ends
        return status
    except KeyboardInterrupt as error:
        with suppress(OSError):  # the window was closed: there is the log alone
            tell(texts("cli.interrupted"), error, is_debugged=is_debugged)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more at its end
        return READER_LEFT
    return FAILED


def _guarded(work: Callable[[], int], is_debugged: bool, texts: Texts) -> int:
    """Return the status of ``work``; of an error, tell it in one paragraph and return the status that it means."""
    try:
        return work()
    except SpokenError as error:
        tell(error.tell(texts), error, is_debugged=is_debugged)
        return error.exit_status
    except BrokenPipeError:
        raise  # the reader of the output left: nobody is there to be told
    except OSError as error:
        tell(tell_system_error(error, texts), error, is_debugged=is_debugged)
        if error.errno == errno.ENAMETOOLONG:  # no disk could hold what was asked for
            return WRONG_USAGE
    except Exception as error:  # noqa: BLE001 - whatever happens, a person reads one paragraph and a script a status
        tell(in_words(error, texts), error, is_debugged=is_debugged)
    return FAILED


def _run(arguments: list[str], texts: Texts, held: ExitStack) -> int:
    args = parse(arguments, texts)
    if args.command is None:
        parser_of(texts).print_help(sys.stderr)
        return WRONG_USAGE
    check_lang(args.lang or LANGUAGES[0])
    if getattr(args, "log", None):
        check_log(Path(args.log), _places_of(args))
        held.enter_context(keeping_log(Path(args.log)))
        from pipeline.runs.cluster.stores import hide_credentials

        reached("run.begun", command=hide_credentials(" ".join(arguments)))
    return COMMANDS[args.command](args, texts)


def _places_of(args: argparse.Namespace) -> list[Path]:
    """Return the folders in which a log must not lie: of workbooks, and of pages."""
    workspace, places = find_workspace(), getattr(args, "places", None) or []
    named = [*([places] if isinstance(places, str) else places), getattr(args, "bureau", None)]
    figures = _path(getattr(args, "figures", None), workspace.figures)
    return [*(Path(place) for place in named if place and Path(place).is_dir()), figures]


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
        publications=_given(args.publications),
    )
    if args.secretary:
        check_internal(request)
    return (_watch if args.watch else _report_once)(request, args, workspace, texts)


def _watch(request: Request, args: argparse.Namespace, workspace: Workspace, texts: Texts) -> int:
    """Report, and again whenever a workbook has been saved, until Ctrl-C; what goes wrong on the way is told.

    Wrong parameters end it at once: no workbook mends them.
    """
    request.check()
    code, seen = fingerprint_package(workspace), snapshot(request.bureau)
    status = _guarded(lambda: _report_watched(request, args, workspace, texts), args.debug, texts)
    again = replace(request, is_forced=False)  # once is what was asked for
    print(texts("watch.begun", bureau=_shown(request.bureau)), flush=True)
    try:
        for _ in changes_in(request.bureau, seen):
            if fingerprint_package(workspace) != code:
                raise SpokenError("watch.code_changed")  # what is warm is the code as it was
            status = _guarded(lambda: _report_watched(again, args, workspace, texts), args.debug, texts)
            print(texts("watch.waiting"), flush=True)
    except KeyboardInterrupt:
        say(texts("watch.ended"))
    return status


def _report_watched(request: Request, args: argparse.Namespace, workspace: Workspace, texts: Texts) -> int:
    """Report as `_report_once`; a workbook that was saved meanwhile is no reason to run anything again by hand."""
    try:
        return _report_once(request, args, workspace, texts)
    except InputChanged as error:
        say(texts("watch.changed_meanwhile", files=error.values["files"]))
        return FAILED


def _report_once(request: Request, args: argparse.Namespace, workspace: Workspace, texts: Texts) -> int:
    outcome = report_quarter(request, workspace, texts, Progress(sys.stdout, texts, request.steps))
    for line in outcome_lines(outcome, texts, _shown):
        say(line)
    page = page_of(outcome.places, outcome.manifest.basis.parameters.quarter)
    if args.secretary:
        write_secretary_page(outcome.places, outcome.manifest.basis.parameters.quarter, texts.lang)
        say(texts("secretary.written", path=_shown(page)))
    elif page.is_file() and not outcome.is_unchanged:
        say(texts("secretary.stale", path=_shown(page)))
    return outcome.manifest.exit_status


def _check(args: argparse.Namespace, texts: Texts) -> int:
    if not args.places:
        raise UsageError("cli.no_path", command="ronghe check")
    from pipeline.runs.workbooks.checking import check_targets  # loads pandas

    places = [Path(place) for place in args.places]
    targets = _given(args.json), _given(args.returned)
    check_targets(places, *targets)
    with naming_the_disk(*targets):
        return _check_and_write(places, args, texts)


def _check_and_write(places: Sequence[Path], args: argparse.Namespace, texts: Texts) -> int:
    from pipeline.runs.workbooks.checking import check, check_lines, write_json

    checked = check(places, texts)
    if args.explain:
        from pipeline.runs.workbooks.explaining import explain_lines

        for line in explain_lines(places, texts):
            say(line)
        print()
    for line in check_lines(checked, texts):
        say(line)
    if args.json:
        write_json(checked, Path(args.json))
        say(texts("cli.json_written", path=_shown(Path(args.json))))
    if args.returned:
        from pipeline.runs.workbooks.returning import return_checked

        memory = return_checked(places, checked, Path(args.returned))
        for line in (*change_lines(memory, texts), count_line(memory, _shown(Path(args.returned)), texts)):
            say(line)
    return checked.exit_status


def _templates(args: argparse.Namespace, texts: Texts) -> int:
    if not args.places:
        raise UsageError("cli.no_folder", command="ronghe templates")
    from pipeline.runs.workbooks.templates import write_templates  # loads pandas

    with naming_the_disk(Path(args.places)):
        for line in write_templates(Path(args.places), _given(args.bureau), texts):
            say(line)
    return CLEAN


def _batch(args: argparse.Namespace, texts: Texts) -> int:
    if not args.places:
        raise UsageError("cli.no_folder", command="ronghe batch")
    from pipeline.runs.batch.bureaus import BatchRequest
    from pipeline.runs.batch.progress import BatchProgress
    from pipeline.runs.batch.words import outcome_lines as batch_lines
    from pipeline.runs.cluster.batch import Where, run_batch_where

    workspace = find_workspace()
    request = BatchRequest(
        root=Path(args.places),
        quarter=normalise_quarter(args.quarter) if args.quarter is not None else None,
        lang=texts.lang,
        processed=_path(args.processed, workspace.processed),
        figures=_path(args.figures, workspace.figures),
        workers=_whole_number(args.workers),
        is_forced=args.force,
        publications=_given(args.publications),
    )
    places = (args.places, args.processed or str(request.processed), args.figures or str(request.figures))
    where = Where(*places, scheduler=args.scheduler)
    outcome, shown = run_batch_where(where, request, texts, BatchProgress(sys.stdout, texts), _shown)
    for line in batch_lines(outcome, texts, shown):
        say(line)
    return outcome.exit_status


def _verify(args: argparse.Namespace, texts: Texts) -> int:
    if not args.places:
        raise UsageError("cli.no_folder", command="ronghe verify")
    places = {"processed": _given(args.processed), "publications": _given(args.publications)}
    verdict = verify(Path(args.places), find_workspace(), **places)
    for damage in verdict.damage:
        say(texts(f"cli.damage_{damage.fault}", path=damage.path))
    if not verdict.tables_checked:
        say(texts("cli.tables_elsewhere"))
    if verdict.log is None:
        say(texts("publications.none"))
    elif verdict.published is not None:
        say(texts("publications.last", **_words_of(verdict.published, texts)))
    if verdict.replaced is not None:
        say(texts("publications.replaced", at=verdict.replaced.at))
    if verdict.is_unfinished:
        say(texts("publications.unfinished"))
    intact = "cli.verified" if verdict.tables_checked else "cli.verified_pages"
    key = "cli.verified_damaged" if verdict.damage else intact
    say(texts(key, files=verdict.files, faults=len(verdict.damage)))
    return WITH_FAULTS if verdict.damage else CLEAN


def _words_of(published: Publication, texts: Texts) -> dict[str, object]:
    """Return what a line of the log of publications says, for people."""
    shortened = {name: getattr(published, name)[:12] for name in ("manifest", "inputs", "code", "packages")}
    return {**asdict(published), **shortened, "rules": texts("place.separator").join(published.rules)}


def _lab(_: argparse.Namespace, texts: Texts) -> int:
    notebooks = find_workspace().notebooks
    print(texts("cli.lab", folder=_shown(notebooks)), flush=True)
    if status := open_lab(notebooks):
        raise SpokenError("cli.lab_failed", status=status)
    return CLEAN


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Texts], int]] = {
    "report": _report,
    "check": _check,
    "templates": _templates,
    "batch": _batch,
    "verify": _verify,
    "lab": _lab,
}


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
