"""python -m benchmarks.peers, by scripts/bench-peers: datasets in MLflow and Phoenix beside ours. See README.md."""

import argparse
import json
import signal
import sys
from pathlib import Path

from benchmarks.__main__ import ENDS, data_dir, end_once, set_up
from benchmarks.peers.results import dump_json, print_results
from benchmarks.peers.work import Sizes

SIZES = Sizes(small=1_000, large=10_000, request=1_000)
# To see that everything runs; the figures say nothing.
SMOKE = Sizes(small=120, large=1_100, request=20)
REPEATS, SECONDS = 5, 2
# However it goes, it ends.
LIMIT_SECONDS = 5400


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench-peers", description="Measures MLflow and Phoenix beside ours.")
    parser.add_argument("--repeats", type=int, default=REPEATS, metavar="N")
    parser.add_argument("--seconds", type=float, default=SECONDS, metavar="N", help="of each turn, at least")
    parser.add_argument("--smoke", action="store_true", help="everything once, on few items: does it run?")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="keep the built data there, for the next run")
    return parser.parse_args()


def main() -> None:
    options = read_options()
    for each in ENDS:
        signal.signal(each, end_once)
    set_up()
    from benchmarks.peers.run import run  # noqa: PLC0415  it needs the settings

    sizes, repeats, seconds = (SMOKE, 1, 0.1) if options.smoke else (SIZES, options.repeats, options.seconds)
    signal.alarm(LIMIT_SECONDS)
    try:
        with data_dir(options.data_dir) as folder:
            results = run(folder, sizes, repeats=repeats, seconds=seconds)
    except KeyboardInterrupt as end:
        sys.exit(f"Stopped: {end}")
    except RuntimeError as error:
        sys.exit(f"scripts/bench-peers: {error}")
    print_results(results)
    if options.json:
        options.json.write_text(json.dumps(dump_json(results), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
