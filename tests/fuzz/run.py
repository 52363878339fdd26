"""Coverage-guided fuzzing of one target with atheris (``pip install -e '.[fuzz]'``); crashes are kept under build/fuzz.

python tests/fuzz/run.py --target codec --seconds 300
"""

import argparse
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["contracts", "firmware", "broker", "sim", "kiosk", "display", "counter", "rating_pad", "punch_clock"]):  # fmt: skip # noqa: E501
    from sim.fuzz import texts, wires

TARGETS = {**wires.TARGETS, **texts.TARGETS}


def main() -> None:
    """Fuzz until the time is over or something crashes; libFuzzer prints executions and coverage, and ends the process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", required=True, choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=60)
    arguments = parser.parse_args()
    run, seeds = TARGETS[arguments.target]
    build = Path(__file__).parents[2] / "build" / "fuzz" / arguments.target
    corpus = build / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in seeds():
        (corpus / f"seed-{hashlib.sha256(seed).hexdigest()[:16]}").write_bytes(seed)
    limits = [f"-max_total_time={arguments.seconds}", "-max_len=8192", "-timeout=10", "-rss_limit_mb=1024"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={build}/", "-print_final_stats=1", str(corpus)], _quiet(run))
    atheris.Fuzz()


def _quiet(run: Callable[[bytes], None]) -> Callable[[bytes], None]:
    def one(data: bytes) -> None:
        run(data)

    return one


if __name__ == "__main__":
    main()
