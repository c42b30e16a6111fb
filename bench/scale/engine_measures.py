"""What the engine carries with tasks that send nothing."""

import json
import os
import tempfile

from bench import KIB, MIB, all_done, cpu_us, verdict
from table import Row


def million_tasks(bench):
    """100,000 a second, each asleep for ten: from the tenth second on a million wait, and 100,000 are due a second."""
    with bench.alone(), tempfile.NamedTemporaryFile(prefix="vajrapulse-bench-") as file:
        _, base = bench.task("sleepers", "--tps", 1000, "--duration", "2s", SLEEP_S=1)
        floor, _ = bench.program("lag_floor", 1000, 5)
        result, outcome, note = bench.calm_task("sleepers", "--tps", 100_000, "--duration", "15s", "--drain", "15s",
                                                "--max-in-flight", 1_200_000, SLEEP_S=10, LATENESS_FILE=file.name)
        late = json.load(open(file.name, encoding="utf-8"))
    most = result["load"]["max_in_flight"]
    each = (outcome.rss_bytes - base.rss_bytes) / most
    above_ms = (late["p99.9"] - floor["p99.9"]) / 1e6
    return [
        Row("a million concurrent tasks: asleep at once", f"{most:,}", "", "", "≥ 990,000, all end well",
            most >= 990_000 and all_done(result, 1_500_000)),
        Row("memory of a sleeping task", f"{each:.0f} bytes", "", "", "≤ 1024", each <= KIB),
        Row("lateness of waking, p99.9", f"{late['p99.9'] / 1e6:.2f} ms", f"floor {floor['p99.9'] / 1e6:.2f} ms",
            f"{above_ms:+.2f} ms", "≤ +2 ms", above_ms <= 2.0, note)]


def fast_empty_tasks(bench):
    """While it waits for the next arrival the shard does not sleep (5 µs are too short); with slack it may."""
    rows = []
    with bench.alone():
        closed = cpu_us(*bench.task("empty", "--users", 1, "--duration", "5s"))
        for slack in [(), ("--slack", "200us")] if bench.has_option("--slack") else [()]:
            name = " ".join(("200,000/s of an empty task on one core, 10 s", *slack))
            result, outcome, note = bench.calm_task("empty", "--tps", 200_000, "--duration", "10s", *slack)
            each = cpu_us(result, outcome)
            rows += [
                Row(name, f"{result['load']['succeeded']:,}, {verdict(result)}", "", "", "all, VALID",
                    all_done(result, 2_000_000) and verdict(result) == "VALID", note),
                Row(f"{name}: CPU an iteration", f"{each:.2f} µs", f"ours, closed loop {closed:.2f} µs",
                    f"{each / closed:.1f}", "≤ 1 µs", each <= 1.0)]
    return rows


def worker_rate(bench):
    with bench.alone():
        result, outcome, note = bench.calm_task("empty", "--tps", 100_000, "--duration", "10s")
    met = all_done(result, 1_000_000) and verdict(result) == "VALID"
    return [Row("100,000 TPS a worker, one core, 10 s", f"{result['load']['succeeded']:,}, {verdict(result)}", "", "",
                "all, VALID", met, f"{cpu_us(result, outcome):.2f} µs of CPU each; {note}")]


def flat_memory(bench):
    """A closed loop of one user that does nothing, so that executions are recorded as fast as can be."""
    with bench.alone():
        few, many = [bench.task("empty", "--users", 1, "--iterations", count)
                     for count in (10_000_000, 100_000_000)]
    grown = many[1].rss_bytes - few[1].rss_bytes
    return [Row("peak RSS, 100 million executions against 10 million", f"{many[1].rss_bytes / MIB:.1f} MB",
                f"{few[1].rss_bytes / MIB:.1f} MB", f"{many[1].rss_bytes / few[1].rss_bytes:.2f}", "≤ 1.05",
                grown <= 0.05 * few[1].rss_bytes and many[0]["load"]["succeeded"] == 100_000_000,
                f"{few[0]['run']['duration_s']:.0f} s and {many[0]['run']['duration_s']:.0f} s; "
                f"{grown / 90e6 * 1000:.1f} bytes a thousand executions")]


def run_length(bench):
    with bench.alone():
        rows = [bench.task("empty", "--tps", 20_000, "--duration", length) for length in ("5s", "60s")]
    (_, short), (_, long) = rows
    ratio = cpu_us(*rows[1]) / cpu_us(*rows[0])
    return [
        Row("CPU an iteration, 60 s against 5 s", f"{cpu_us(*rows[1]):.2f} µs", f"5 s: {cpu_us(*rows[0]):.2f} µs",
            f"{ratio:.2f}", "≤ 1.10", ratio <= 1.10),
        Row("peak RSS, 60 s against 5 s", f"{long.rss_bytes / MIB:.1f} MB", f"5 s: {short.rss_bytes / MIB:.1f} MB",
            f"{long.rss_bytes / short.rss_bytes:.2f}", "≤ 1.10", long.rss_bytes <= 1.10 * short.rss_bytes)]


def more_shards(bench):
    """Four shards on one core, which is three more than it has."""
    with bench.alone():
        one, four = [bench.task("empty", "--tps", 20_000, "--duration", "10s", shards=shards) for shards in (1, 4)]
    ratio = cpu_us(*four) / cpu_us(*one)
    return [Row("CPU an iteration, 4 shards on one core against 1", f"{cpu_us(*four):.2f} µs",
                f"1: {cpu_us(*one):.2f} µs", f"{ratio:.2f}", "≤ 1.10", ratio <= 1.10,
                f"20,000/s; {verdict(four[0])} against {verdict(one[0])}")]


def simulated_day(bench):
    with bench.alone(), tempfile.TemporaryDirectory(prefix="vajrapulse-bench-") as folder:
        day, _ = bench.program("day", 100, 24, os.path.join(folder, "day.json"))
    return [Row(f"result file of a simulated day, {day['iterations']:,} iterations", f"{day['bytes'] / MIB:.1f} MB",
                "", "", "≤ 20 MB", day["bytes"] <= 20 * MIB),
            Row("its report ready after", f"{day['report_s']:.2f} s", "", "", "≤ 2 s", day["report_s"] <= 2.0)]
