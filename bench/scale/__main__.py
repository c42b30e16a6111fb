#!/usr/bin/env python3
"""What the engine carries: a million tasks at once, 200,000 iterations a second on a core, costs that do not grow.

Everything runs pinned to one core, sends nothing but to an nginx of its own on loopback, and ends by itself.
"""

import argparse
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "compare")]

import engine_measures as engine  # noqa: E402
import machine  # noqa: E402
import table  # noqa: E402
import web_measures as web  # noqa: E402
from bench import Bench  # noqa: E402

MEASURES = [
    engine.million_tasks, engine.fast_empty_tasks, engine.worker_rate, web.worker_http_rate, web.highest_rate,
    web.idle_connections, web.instrumentation, web.long_run, engine.flat_memory, engine.simulated_day,
    engine.run_length, web.request_names, engine.more_shards]


def main():
    names = [measure.__name__ for measure in MEASURES]
    parser = argparse.ArgumentParser(prog="./dev bench scale", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", default="build/release", help="build tree with the Release programs")
    parser.add_argument("--only", help=f"comma-separated: {','.join(names)}")
    parser.add_argument("--core", type=int, default=0, choices=(0, 1), help="the generator's; nginx has the other")
    parser.add_argument("--lock", metavar="FILE", help="hold this lock (flock) while measuring")
    parser.add_argument("--markdown", metavar="FILE", help="also write the table there, between its <!-- scale --> marks")
    options = parser.parse_args()
    wanted = options.only.split(",") if options.only else names
    if unknown := set(wanted) - set(names):
        parser.error(f"no measure '{unknown.pop()}': {', '.join(names)}")
    os.sched_setaffinity(0, {1 - options.core})
    bench = Bench(options)
    rows = []
    header = machine.describe()
    for measure in MEASURES:
        if measure.__name__ in wanted:
            print(f"… {measure.__name__}", flush=True)
            rows += measure(bench)
            if options.markdown:  # after each: whatever ends a long run, what it measured is there
                table.write_markdown(options.markdown, table.as_markdown(rows, header), "scale")
    print(table.as_text(rows, header))


if __name__ == "__main__":
    main()
