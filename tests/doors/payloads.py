"""What a stranger might send through a door: Python that leaves a mark when it is run, and paths that lead outside."""

import json
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECRET = "绝密-7319"  # stands in a file beside the bureau's folder: nothing of it may be told


def leaving(mark: Path) -> str:
    """Return an expression that leaves a mark when it is evaluated."""
    return f"__import__('pathlib').Path({json.dumps(str(mark))}).touch()"


def names(mark: Path) -> tuple[str, ...]:
    """Return names of parameters that are lines of Python, or names that no notebook asks for."""
    act = leaving(mark)
    return (
        f"x\n{act}\ny",
        f"x\n{act}#",
        f"x;{act};y",
        f"x={act};y",
        f"x={act}#",
        f"quarter: {act}",
        f"quarter[{act}]",
        f"[{act}][0]",
        f"lang = {act} or lang",
        f"{act}\nquarter",
        f"\t{act}",
        f"if {act}: pass\nx",
        "__builtins__",
        "quater",
        "ｑｕａｒｔｅｒ２",
        "quarter\u2028x",
        "",
        "1",
        "lambda",
        "load_texts",
        "Path",
    )


def values(mark: Path) -> tuple[str, ...]:
    """Return texts that must come out as they went in, whatever quotes and lines they hold."""
    act = leaving(mark)
    return (
        act,
        f'"\n{act}\n"',
        f"'; {act}; '",
        f'"""\n{act}\n"""',
        f"'''\n{act}",
        f'\\"\n{act}\n#',
        f"{{{act}}}",
        f"%(x)s {{x}} {{0}} ${act} `{act}`",
        f"\\N{{DIGIT ONE}} \\u0041 \\x41 \\{act}",
        f"%run {act}\n!touch {mark}\n?",
        "2024_01",
        "1e3",
        "True",
        "None",
        "县局 “甲” \u202e\u2028\ufeff𠮷\t",
        "\\",
        "line\r\nline\r",
    )


@dataclass(frozen=True)
class Pickled:
    """Leaves a mark when it is unpickled."""

    mark: str

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path(self.mark),)


def pickled(mark: Path) -> bytes:
    """Return a pickle that leaves a mark when it is loaded."""
    return pickle.dumps(Pickled(str(mark)))


def cells(mark: Path) -> tuple[str, ...]:
    """Return texts for cells of settings and rule books: code in the languages that a program might read there."""
    act = leaving(mark)
    return (
        act,
        f"={act}",
        f"{{{{ {act} }}}}",
        f"{{% set x = {act} %}}",
        f"${{{act}}}",
        f"!!python/object/apply:pathlib.Path.touch [{mark}]",
        f'=HYPERLINK("file://{mark}")',
        f"eval({act})",
        f"@{act}",
        f"10 if {act} else 0",
    )
