#!/usr/bin/env python3
"""What a plan costs: beside the same request as a task in C++, beside wrk, beside k6, against one nginx, in one run.

nginx has one core, every contestant is pinned to the other and has 64 users or connections in a closed loop. They take turns
A B C, C B A, and the median of the turns' ratios counts. Everything stays on loopback and ends by itself.
"""

import argparse
import os
import statistics
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "compare")]

import machine  # noqa: E402
import table  # noqa: E402
from contestants import Contestants  # noqa: E402
from measures import interleaved, ratios, spread, taken  # noqa: E402
from shop import shop  # noqa: E402
from table import Row  # noqa: E402

# (what is measured, contestant, peer, what the peer is called, the least ratio)
AIMS = [
    ("one-GET plan", "one-get", "task", "C++ task", 0.9),
    ("log-in, 3 GETs, POST", "checkout", "wrk", "wrk's GET", 0.6),
    ("one-GET plan beside k6", "one-get", "k6 one-get", "k6", 10),
    ("log-in, 3 GETs, POST beside k6", "checkout", "k6 checkout", "k6", 10),
]


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench plan", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", default="build/release", help="build tree with the Release program")
    parser.add_argument("--program", help="the vajrapulse to measure (default: the build tree's)")
    parser.add_argument("--tools", default="build/peers/tools", help="where bench/peers/install.sh put k6")
    parser.add_argument("--quick", action="store_true", help="two short turns: a look, no measurement")
    parser.add_argument("--turns", type=int, help="of all contestants (9)")
    parser.add_argument("--seconds", type=int, help="of a run (3)")
    parser.add_argument("--generator-core", type=int, default=0)
    parser.add_argument("--server-core", type=int, default=1)
    parser.add_argument("--lock", metavar="FILE", help="hold this lock (flock) while measuring")
    parser.add_argument("--markdown", metavar="FILE", help="also write the table there, between its <!-- plan --> marks")
    parser.add_argument("--gate", action="store_true", help="exit 1 when an aim is missed")
    options = parser.parse_args()
    options.turns = options.turns or (2 if options.quick else 9)
    options.seconds = options.seconds or (1 if options.quick else 3)
    return options


def measured(options):
    """The runs of each contestant, how many turns were left out, and what requests a second of CPU are."""
    with shop(options.server_core) as nginx:
        field = Contestants(options, nginx.url)
        contestants = {"wrk": field.wrk, "task": field.task, "one-get": lambda: field.plan("one-get"),
                       "checkout": lambda: field.plan("checkout")}
        if os.access(field.k6_program, os.X_OK):
            contestants |= {"k6 one-get": lambda: field.k6("one-get"), "k6 checkout": lambda: field.k6("checkout")}
        return *interleaved(options.turns, contestants), field.per_core


def row(what, ours, peers, peer, aim, figure, note):
    found = ratios(ours, peers, figure)
    median = statistics.median(found)
    return Row(what, f"{statistics.median(map(figure, ours)):,.0f}",
               f"{peer} {statistics.median(map(figure, peers)):,.0f}", f"{median:.2f}", f"≥ {aim:g}", median >= aim,
               f"{spread(found)}{note}")


def rows_of(runs, left_out, per_core):
    rows = []
    for what, name, peer, called, aim in AIMS:
        if peer not in runs:
            rows.append(Row(what, "", "k6 cannot be had", "", f"≥ {aim:g}"))
            continue
        note = f"; {taken(runs[name])}, {left_out} turns left out"
        rows.append(row(f"{what}: requests/s", runs[name], runs[peer], called, aim, lambda load: load.rate, note))
        rows.append(row(f"{what}: requests a second of CPU", runs[name], runs[peer], called, aim, per_core, ""))
    return rows


def lost(runs):
    """How much of the runs' time their core had other work: with much of it, only the ratios to CPU time say anything."""
    outcomes = [load.outcome for loads in runs.values() for load in loads]
    return f"the host took {sum(o.stolen_s for o in outcomes) / sum(o.wall_s for o in outcomes):.0%} of the runs' time away"


def main():
    options = arguments()
    if not {options.generator_core, options.server_core} <= os.sched_getaffinity(0):
        sys.exit("bench plan needs two cores: one for nginx, one for the generators")
    os.sched_setaffinity(0, {options.server_core})
    runs, left_out, per_core = measured(options)
    rows = rows_of(runs, left_out, per_core)
    k6 = machine.first_line([os.path.join(options.tools, "bin", "k6"), "version"])
    header = machine.describe() + [f"{k6}; {lost(runs)}"]
    print(table.as_text(rows, header))
    if options.markdown:
        table.write_markdown(options.markdown, table.as_markdown(rows, header), "plan")
    if options.gate and any(row.met is False for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
