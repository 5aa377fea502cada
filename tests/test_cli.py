"""The commands as people meet them: what they print, what they leave, and their exit status."""

import io
import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from pipeline import cli
from pipeline.catalog import CatalogError
from pipeline.cli.grammar import OPTIONS
from pipeline.runs.quarter.report_words import local_time
from tests.generator import generate_bureau
from tests.hand_made import Rows, write_bureau, write_xlsx


def run(*arguments: str | Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Run a command in this process and return its status and what it printed."""
    status = cli.main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("reprot",), "report"),
        (("report", "--quater", "2021Q4"), "--quarter"),
        (("report", "--quarter"), "--quarter"),
        (("report", "--quarter", "2021-4"), "2021Q4"),
        (("report", "--lang", "de"), "zh, en"),
        (("report", "extra"), "extra"),
        (("report", "--bureau", "no/such/folder"), "no/such/folder"),
        (("check",), "ronghe check"),
        (("check", "no/such/file.xlsx"), "no/such/file.xlsx"),
        (("check", ".", "--json", "no/such/out.json"), "no/such"),
        (("check", ".", "--json", "pipeline"), "check.json"),
        (("check", ".", "--returned", "README.md"), "README.md"),
        (("check", "README.md", "--returned", "."), "--returned"),
        (("report", "--processed", "same", "--figures", "./same"), "--figures"),
        (("batch",), "ronghe batch"),
        (("batch", "no/such/folder"), "no/such/folder"),
        (("batch", "README.md"), "README.md"),
        (("batch", "data/raw/sample"), "--bureau"),
        (("batch", "data/raw", "--workers", "0"), "--workers"),
        (("batch", "data/raw", "--workers", "two"), "two"),
        (("batch", "data/raw", "--worker", "2"), "--workers"),
        (("batch", "data/raw", "--quarter", "2021-4"), "2021Q4"),
        (("batch", "data/raw", "--figures", "data/raw/figures"), "data/raw/figures"),
        (("batch", "figures"), "figures"),
        (("verify",), "ronghe verify"),
        (("verify", "no/such/folder"), "manifest.json"),
        (("templates",), "ronghe templates"),
        (("templates", "pipeline"), "pipeline"),
        (("templates", "x", "--bureau", "no/such/folder"), "no/such/folder"),
    ],
)
def test_wrong_usage_is_one_paragraph_and_status_two(
    arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(*arguments, capsys=capsys)
    assert status == 2
    assert out == ""
    assert says in err
    assert err.count("\n") == 1


def test_errors_are_in_the_chosen_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert "没有“x”这个命令" in run("x", capsys=capsys)[2]
    assert "There is no command “x”" in run("x", "--lang", "en", capsys=capsys)[2]
    assert "There is no command “x”" in run("x", "--lang=en", capsys=capsys)[2]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--lang", "en"), "ronghe report --lang zh|en"),
        (("--lang", "en", "check", "a.xlsx"), "ronghe check --lang zh|en"),
        (("--workers", "4", "batch", "root"), "ronghe batch --workers N"),
        (("--force", "report"), "ronghe report --force."),
        (("--lang=en", "verify"), "ronghe verify --lang zh|en"),
        (("--version",), "--version"),
        (("-x",), "-x"),
        (("-",), "-"),
    ],
)
def test_an_option_before_the_command_is_told_where_it_belongs(
    words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, err = run(*words, "--lang", "en", capsys=capsys)
    assert status == 2
    assert says in err
    assert err.count("\n") == 1


def test_no_command_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys=capsys)
    assert status == 2
    assert all(name in err for name in OPTIONS)


@pytest.mark.parametrize("command", OPTIONS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([command, "--help"])
    assert left.value.code == 0
    shown = capsys.readouterr().out
    assert all(f"--{option}" in shown for option in OPTIONS[command])


def test_an_unexpected_error_is_one_paragraph_and_status_three(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(cli, "report_quarter", break_down)
    status, _, err = run("report", capsys=capsys)
    assert status == 3
    assert "ZeroDivisionError：division by zero" in err
    assert err.count("\n") == 1
    assert "Traceback" in run("report", "--debug", capsys=capsys)[2]


def test_a_wrong_line_of_the_catalog_is_named_with_its_place(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise CatalogError("synonyms.csv:7: no column ('quiz_results', 'hours')")

    monkeypatch.setattr(cli, "report_quarter", break_down)
    status, _, err = run("report", capsys=capsys)
    assert status == 3
    assert err.startswith("目录文件（pipeline/catalog/data）里有一行不对：synonyms.csv:7: no column")
    assert err.count("\n") == 1


@pytest.mark.parametrize("error", [KeyboardInterrupt(), PermissionError(13, "in use", "report.xlsx"), OSError("full")])
def test_an_interrupted_or_refused_run_is_status_three(
    error: BaseException, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "report_quarter", break_down)
    status, _, err = run("report", capsys=capsys)
    assert status == 3
    assert err.count("\n") == 1


def test_a_window_that_was_closed_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(5, "Input/output error")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "report_quarter", stop)
    monkeypatch.setattr(sys, "stderr", Closed())
    assert cli.main(["report"]) == cli.FAILED


@pytest.mark.process
def test_ctrl_c_while_the_program_is_being_loaded_is_no_traceback() -> None:
    program = (
        "import builtins, sys\n"
        "from pipeline.__main__ import FAILED, main\n"
        "real = builtins.__import__\n"
        "def load(name, *details, **more):\n"
        "    if name == 'pipeline.cli': raise KeyboardInterrupt\n"
        "    return real(name, *details, **more)\n"
        "builtins.__import__ = load\n"
        "status = main()\n"
        "builtins.__import__ = real\n"
        "from pipeline import cli\n"
        "assert status == FAILED == cli.FAILED\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.fixture
def odd_files(tmp_path: Path) -> Path:
    """A workbook of no known kind, an empty file, and one that was cut off."""
    folder = tmp_path / "杂项"
    folder.mkdir()
    book = openpyxl.Workbook()
    book.worksheets[0].append(["alpha", "beta"])
    book.worksheets[0].append([1, 2])
    book.save(folder / "unknown.xlsx")
    (folder / "empty.xlsx").write_bytes(b"")
    (folder / "cut.xlsx").write_bytes((folder / "unknown.xlsx").read_bytes()[:800])
    return folder


@pytest.mark.process
def test_check_reads_anything_and_writes_the_contract(
    odd_files: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run("check", odd_files, "--json", tmp_path / "out.json", capsys=capsys)
    assert status == 1
    assert "拒收 1 个" in out
    written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert {file["path"]: file["status"] for file in written["files"]} == {
        "cut.xlsx": "refused",
        "empty.xlsx": "skipped",
        "unknown.xlsx": "read",
    }
    (sheet,) = written["files"][2]["sheets"]
    assert sheet["rows"] == {
        "physical": 2,
        "used": 0,
        "rejected": 0,
        "title": 0,
        "header": 0,
        "total": 0,
        "note": 0,
        "unrecognised": 2,
    }


@pytest.mark.process
def test_check_says_of_every_file_why_it_was_left_out(odd_files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (odd_files / "说明.docx").write_bytes(b"text")
    openpyxl.Workbook().save(odd_files / "blank.xlsx")
    _, out, _ = run("check", odd_files, capsys=capsys)
    blank, cut, empty, unknown, skipped, files, rows = out.splitlines()
    assert blank.startswith("提醒  blank.xlsx：里面没有任何内容。")
    assert cut.startswith("拒收  cut.xlsx：文件不完整")
    assert empty.startswith("错误  empty.xlsx：这个工作簿只有文件名，没有内容（0 字节")
    assert unknown.startswith("提醒  unknown.xlsx：认不出这是哪一种台账（2 行，没有采用）。请")
    assert skipped == "跳过  说明.docx：不是工作簿，已跳过。"
    assert files == "读取 2 个文件（其中认不出种类的 1 个），拒收 1 个，跳过 2 个；问题 1 条。"
    assert rows == "2 行：数据 0、合计 0、标题表头附注 0、认不出 2、拒收 0。"


@pytest.mark.process
def test_a_row_under_headers_that_nobody_knows_is_told_with_the_cells_outside_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = ["日期", "党小组", "活动类型", "应到", "实到", "请假人员", "议题", "场次", "负责人"]
    meetings: Rows = [
        [f"2019-03-{day:02}", "营销管理", "党小组会", 5, 5, "无", "无", None, None] for day in range(1, 5)
    ]
    outside: Rows = [[*meetings[2], None, "备忘"], [*[None] * 10, "旁注", "又注"]]
    rows: Rows = [head, *meetings[:2], [*[None] * 7, "谈心3次", "张三"], *outside]
    write_xlsx(write_bureau(tmp_path) / "2019年活动台账.xlsx", {"3月": rows})
    _, out, _ = run("check", tmp_path, capsys=capsys)
    lines = [line for line in out.splitlines() if "活动台账" in line]
    assert [line.partition("。")[0] for line in lines] == [
        "提醒  2019年活动台账.xlsx › 3月 › H4：表格以外的单元格有内容：H4:I4, K5, K6:L6",
    ]


@pytest.mark.process
def test_check_names_the_place_of_an_issue_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate_bureau(tmp_path / "县局", first="2021-10", last="2021-12")
    _, out, _ = run("check", tmp_path / "县局", "--json", tmp_path / "out.json", capsys=capsys)
    issues = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["issues"]
    lines = [line for line in out.splitlines() if line.startswith(("错误", "提醒"))]
    assert len(lines) == len(issues) > 0
    for line, issue in zip(lines, issues, strict=True):
        where = " › ".join(filter(None, (issue["file"], issue["sheet"], issue["cell"])))
        assert line.removeprefix("错误  ").removeprefix("提醒  ").startswith(f"{where}：{issue['message']}")
        assert f"文件“{issue['file']}”" not in line


@pytest.mark.process
def test_check_writes_marked_copies_and_compares_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = ["立案号", "立案日期", "案由", "办案部门", "真烟(条)", "结案日期"]
    row = ["×烟立[2019]第1号", "2019-01-09", "无证运输", "驮卢所"]
    write_xlsx(tmp_path / "县局/专卖案件台账.xlsx", {"案件": [header, [*row, "约30"]]})
    command = ("check", tmp_path / "县局", "--returned", tmp_path / "退回")
    _, out, _ = run(*command, capsys=capsys)
    assert out.splitlines()[-1] == f"退回 1 个有问题的工作簿：{tmp_path / '退回'}"
    assert (tmp_path / "退回/专卖案件台账.xlsx").is_file()
    write_xlsx(tmp_path / "县局/专卖案件台账.xlsx", {"案件": [header, [*row, 30]]})
    status, out, _ = run(*command, capsys=capsys)
    assert status == 0
    assert out.splitlines()[-2:] == ["“专卖案件台账.xlsx”上次的 1 处问题都已改好，不再退回。", "没有需要退回的工作簿。"]


def test_copies_are_not_written_among_what_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "县局").mkdir()
    status, _, err = run("check", tmp_path / "县局", "--returned", tmp_path / "县局/退回", capsys=capsys)
    assert status == 2
    assert "请换一个文件夹" in err
    assert not (tmp_path / "县局/退回").exists()


def test_check_of_an_empty_folder_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run("check", tmp_path, capsys=capsys)
    assert out.startswith("没有找到可以读取的工作簿")


@pytest.mark.process
def test_check_without_a_fault_is_status_zero(odd_files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", odd_files / "unknown.xlsx", capsys=capsys)[0] == 0


def test_the_time_of_a_run_is_the_one_on_the_wall() -> None:
    shown = local_time("2026-11-22T21:07:33+00:00")
    assert datetime.strptime(shown, "%Y-%m-%d %H:%M").astimezone() == datetime(2026, 11, 22, 21, 7, tzinfo=UTC)


def test_a_path_that_is_there_is_not_called_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "花名册.xlsx").write_bytes(b"")
    _, _, err = run("check", tmp_path / "花名.xlsx", capsys=capsys)
    assert "花名册.xlsx" in err


@pytest.mark.process
def test_a_console_without_chinese_does_not_crash(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "report", "--bureau", str(tmp_path / "县局")],
        env={
            "PYTHONIOENCODING": "ascii",
            "PYTHONPATH": str(Path(cli.__file__).parent.parent),
            "SYSTEMROOT": "C:\\Windows",
        },
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert "没有文件夹" in done.stderr.decode("utf-8")


@pytest.mark.process
def test_a_reader_that_leaves_is_no_failure(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "check", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=Path(cli.__file__).parent.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (141, b"")


@pytest.mark.process
def test_a_bureau_without_its_roster_is_told_once(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "单位"
    shutil.copytree(repository / "data" / "raw" / "sample", folder)
    (roster,) = folder.rglob("*花名册*.xlsx")
    roster.unlink()
    status, out, _ = run("check", folder, capsys=capsys)
    assert status == 1
    told = [line for line in out.splitlines() if "花名册" in line]
    assert len(told) == 1
    assert told[0].startswith("错误")
