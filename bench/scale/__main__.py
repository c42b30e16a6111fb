#!/usr/bin/env python3
"""What the engine carries: a million tasks at once, 200,000 iterations a second on a core, costs that do not grow.

Everything runs pinned to one core, sends nothing but to an nginx of its own on loopback, and ends by itself.
"""

import argparse
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "compare"))

import machine  # noqa: E402
import table  # noqa: E402
from nginx import Nginx  # noqa: E402
from pinned import run  # noqa: E402
from table import Row  # noqa: E402

KIB, MIB = 1024, 1024 * 1024


class Bench:
    def __init__(self, options):
        self.core = options.core
        self.folder = os.path.join(options.build, "bench")

    def program(self, name, *arguments):
        outcome = run(self.core, [os.path.join(self.folder, name), *map(str, arguments)])
        if outcome.status != 0:
            sys.exit(f"{name} ended with {outcome.status}:\n{outcome.stdout}")
        return json.loads(outcome.stdout), outcome

    def task(self, name, *arguments, **environment):
        """A run of bench/tasks.cpp on one shard: its result and what it took."""
        with tempfile.TemporaryDirectory(prefix="vajrapulse-bench-") as folder:
            file = os.path.join(folder, "r.json")
            os.environ.update({key: str(value) for key, value in environment.items()})
            outcome = run(self.core, [os.path.join(self.folder, "tasks"), name, "--shards", "1", "--quiet",
                                      "--out", "json=" + file, *map(str, arguments)])
            if not os.path.exists(file):
                sys.exit(f"tasks {name} wrote no result (exit {outcome.status}):\n{outcome.stdout}")
            with open(file, encoding="utf-8") as text:
                return json.load(text), outcome


def cpu_us(result, outcome):
    return outcome.cpu_s / max(result["load"]["completed"], 1) * 1e6


def million_tasks(bench):
    """100,000 a second, each asleep for ten: from the tenth second on a million wait, and 100,000 are due a second."""
    _, base = bench.task("sleepers", "--tps", 1000, "--duration", "2s", SLEEP_S=1)
    with tempfile.NamedTemporaryFile(prefix="vajrapulse-bench-") as file:
        floor, _ = bench.program("lag_floor", 1000, 5)
        result, outcome = bench.task("sleepers", "--tps", 100_000, "--duration", "15s", "--drain", "15s",
                                     "--max-in-flight", 1_200_000, SLEEP_S=10, LATENESS_FILE=file.name)
        late = json.load(open(file.name, encoding="utf-8"))
    most = result["load"]["max_in_flight"]
    each = (outcome.rss_bytes - base.rss_bytes) / most
    above_ms = (late["p99.9"] - floor["p99.9"]) / 1e6
    whole = result["load"]["succeeded"] == result["load"]["target"] == 1_500_000
    return [
        Row("tasks asleep at once", f"{most:,}", "", "", "≥ 990,000, all end well", most >= 990_000 and whole),
        Row("memory of a sleeping task", f"{each:.0f} bytes", "", "", "≤ 1024", each <= KIB),
        Row("lateness of waking, p99.9", f"{late['p99.9'] / 1e6:.2f} ms", f"floor {floor['p99.9'] / 1e6:.2f} ms",
            f"{above_ms:+.2f} ms", "≤ +2 ms", above_ms <= 2.0)]


def empty_tasks(bench):
    result, outcome = bench.task("empty", "--tps", 200_000, "--duration", "10s")
    verdict = result["verdict"]["status"]
    whole = result["load"]["succeeded"] == 2_000_000
    # While it waits for the next arrival the shard does not sleep (5 us are too short); the closed loop never waits.
    closed = bench.task("empty", "--users", 1, "--duration", "5s")
    return [
        Row("200,000/s of an empty task, 10 s", f"{result['load']['succeeded']:,}, {verdict}", "", "", "all, VALID",
            whole and verdict == "VALID"),
        Row("the same: CPU an iteration", f"{cpu_us(result, outcome):.2f} µs",
            f"closed loop {cpu_us(*closed):.2f} µs", "", "≤ 1 µs", cpu_us(result, outcome) <= 1.0)]


def run_length(bench):
    rows = [bench.task("empty", "--tps", 20_000, "--duration", length) for length in ("5s", "60s")]
    (_, short), (_, long) = rows
    ratio = cpu_us(*rows[1]) / cpu_us(*rows[0])
    return [
        Row("CPU an iteration, 60 s against 5 s", f"{cpu_us(*rows[1]):.2f} µs", f"5 s: {cpu_us(*rows[0]):.2f} µs",
            f"{ratio:.2f}", "≤ 1.10", ratio <= 1.10),
        Row("peak RSS, 60 s against 5 s", f"{long.rss_bytes / MIB:.1f} MB", f"5 s: {short.rss_bytes / MIB:.1f} MB",
            f"{long.rss_bytes / short.rss_bytes:.2f}", "≤ 1.10", long.rss_bytes <= 1.10 * short.rss_bytes)]


def request_names(bench):
    with Nginx(1 - bench.core) as nginx:
        few, many = [bench.task("names", "--users", 64, "--duration", "5s", URL=nginx.url, NAMES=names)
                     for names in (1, 1000)]
    ratio = cpu_us(*many) / cpu_us(*few)
    return [Row("CPU a request, 1,000 names against 1", f"{cpu_us(*many):.2f} µs", f"1: {cpu_us(*few):.2f} µs",
                f"{ratio:.2f}", "≤ 1.10", ratio <= 1.10)]


def simulated_day(bench):
    with tempfile.TemporaryDirectory(prefix="vajrapulse-bench-") as folder:
        day, _ = bench.program("day", 100, 24, os.path.join(folder, "day.json"))
    return [Row(f"result file of a simulated day, {day['iterations']:,} iterations", f"{day['bytes'] / MIB:.1f} MB",
                "", "", "≤ 20 MB", day["bytes"] <= 20 * MIB),
            Row("its report ready after", f"{day['report_s']:.2f} s", "", "", "≤ 2 s", day["report_s"] <= 2.0)]


MEASURES = [million_tasks, empty_tasks, run_length, request_names, simulated_day]


def main():
    names = [measure.__name__ for measure in MEASURES]
    parser = argparse.ArgumentParser(prog="./dev bench scale", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", default="build/release", help="build tree with the Release programs")
    parser.add_argument("--only", help=f"comma-separated: {','.join(names)}")
    parser.add_argument("--core", type=int, default=0, choices=(0, 1), help="the generator's; nginx has the other")
    options = parser.parse_args()
    wanted = options.only.split(",") if options.only else names
    if unknown := set(wanted) - set(names):
        parser.error(f"no measure '{unknown.pop()}': {', '.join(names)}")
    bench = Bench(options)
    rows = []
    for measure in MEASURES:
        if measure.__name__ in wanted:
            print(f"… {measure.__name__}", flush=True)
            rows += measure(bench)
    print(table.as_text(rows, machine.describe()))


if __name__ == "__main__":
    main()
