"""Make a bureau: ``python -m tests.generator OUT_DIR``; the shipped sample is ``data/raw/sample`` with all defaults."""

import argparse
from pathlib import Path

from tests.generator.bureau import generate_bureau
from tests.generator.results import EFFECT_METRICS, Effect
from tests.generator.truth import save_truth


def main() -> None:
    """Read the arguments, write the workbooks and, where asked, what was planted."""
    arguments = _parser().parse_args()
    choice = arguments.mistakes
    truth = generate_bureau(
        arguments.out,
        groups=arguments.groups,
        members=arguments.members,
        first=arguments.first,
        last=arguments.last,
        seed=arguments.seed,
        effects=dict(arguments.effect) if arguments.effect else {} if arguments.no_effect else None,
        mistakes=choice if choice in ("sample", "none") else choice.split(","),
    )
    if arguments.truth:
        save_truth(truth, arguments.truth)
    print(f"{len(truth.files)} workbooks in {truth.folder}, {len(truth.issues)} mistakes planted")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.generator", description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the workbooks; files of the same name are replaced")
    parser.add_argument("--groups", type=int, default=3)
    parser.add_argument("--members", type=int, default=16)
    parser.add_argument("--first", default="2018-11", help="first month")
    parser.add_argument("--last", default="2021-12", help="last month")
    parser.add_argument("--seed", type=int, default=2018)
    effects = parser.add_mutually_exclusive_group()
    effects.add_argument(
        "--effect",
        type=_parse_effect,
        action="append",
        metavar="METRIC:STRENGTH:LAG",
        help=f"how process points lead a metric, instead of the sample's effect; one of {', '.join(EFFECT_METRICS)}",
    )
    effects.add_argument("--no-effect", action="store_true", help="no relation at all")
    parser.add_argument(
        "--mistakes", default="sample", help="sample, none, or kinds separated by commas; a wrong one lists them all"
    )
    parser.add_argument("--truth", type=Path, help="folder for the tables of what was planted")
    return parser


def _parse_effect(text: str) -> tuple[str, Effect]:
    metric, strength, lag = text.split(":")
    return metric, Effect(float(strength), int(lag))


if __name__ == "__main__":
    main()
