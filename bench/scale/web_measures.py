"""What the client of a web server costs: nginx with one worker on the other core."""

import contextlib
import json
import os
import re
import resource
import statistics
import tempfile
import threading
import time

from bench import KIB, all_done, cpu_us, spread, verdict
from nginx import Nginx
from table import Row

IDLE_CONNECTIONS = 20_000
SPARE = 1000  # descriptors for all else
median = statistics.median


def request_names(bench):
    with bench.alone(), Nginx(bench.server_core) as nginx:
        few, many = [bench.task("names", "--users", 64, "--duration", "5s", URL=nginx.url, NAMES=names)
                     for names in (1, 1000)]
    ratio = cpu_us(*many) / cpu_us(*few)
    return [Row("CPU a request, 1,000 names against 1", f"{cpu_us(*many):.2f} µs", f"1: {cpu_us(*few):.2f} µs",
                f"{ratio:.2f}", "≤ 1.10", ratio <= 1.10)]


def descriptors(wanted):
    """As many as this process and what it starts may have; `wanted`, where the limit can be raised (root may)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limit in ((wanted, max(wanted, hard)), (hard, hard)):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, limit if limit[0] > soft else (soft, hard))
            return max(soft, limit[0])
        except (ValueError, OSError):
            pass
    return soft


def idle_connections(bench):
    """As many processes, each with an nginx of its own, as the limit of descriptors asks for."""
    processes = -(-IDLE_CONNECTIONS // (descriptors(IDLE_CONNECTIONS + SPARE) - SPARE))
    return [row for io in ("io_uring", "epoll") for row in idle_connections_by(bench, io, processes)]


def idle_connections_by(bench, io, processes):
    share = -(-IDLE_CONNECTIONS // processes)
    with bench.alone(), contextlib.ExitStack() as stack:
        servers = [stack.enter_context(Nginx(bench.server_core, share + SPARE)) for _ in range(processes)]
        files = [stack.enter_context(tempfile.NamedTemporaryFile(prefix="vajrapulse-bench-")) for _ in servers]
        holders = [threading.Thread(target=bench.task, args=("idle", "--users", 1, "--iterations", 1, "--io", io), kwargs={
            "program": "connections", "URL": nginx.url, "CONNECTIONS": share, "HOLD_S": 10, "FIGURES_FILE": file.name})
            for nginx, file in zip(servers, files)]
        for holder in holders:
            holder.start()
        at_once = 0
        while any(holder.is_alive() for holder in holders):
            at_once = max(at_once, sum(nginx.connections_now() - 1 for nginx in servers))
            time.sleep(0.2)
        found = [json.load(open(file.name, encoding="utf-8")) for file in files]
    each = [sum(one[kind] for one in found) / IDLE_CONNECTIONS for kind in ("rss_bytes", "heap_bytes")]
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    limit = "" if processes == 1 else f"; {processes} processes, for one may have {most:,} descriptors here"
    return [Row(f"{IDLE_CONNECTIONS:,} idle keep-alive connections, {io}: memory each", f"{each[0]:.0f} bytes of RSS",
                f"nginx counts {at_once:,} at once", "", "≤ 2048", each[0] <= 2 * KIB and at_once >= IDLE_CONNECTIONS,
                f"allocated {each[1]:.0f} bytes, the rest was for the request under way{limit}")]


def service_p50_us(result):
    entry = next(m for m in result["metrics"] if m["name"] == "vajrapulse.execution.duration" and not m["tags"])
    return entry["p50"] / 1000


def instrumentation(bench):
    """One connection, one request after another, and at 1,000/s with a sleep before each."""
    rows = []
    with bench.alone(), Nginx(bench.server_core) as nginx:
        for what, bare_load, load in (
                ("closed loop", (50_000,), ("--users", 1, "--duration", "3s")),
                ("1,000/s", (3000, 1000), ("--tps", 1000, "--duration", "3s"))):
            bare, ours = [], []
            for turn in range(5):
                for side in ("bare", "ours") if turn % 2 == 0 else ("ours", "bare"):
                    if side == "bare":
                        bare.append(bench.program("ping_pong", nginx.port, *bare_load)[0]["p50"] / 1000)
                    else:
                        ours.append(service_p50_us(bench.http(nginx.url, *load)[0]))
            added = [a - b for a, b in zip(ours, bare)]
            rows.append(Row(f"instrumentation, {what}: p50 of a request", f"{median(ours):.1f} µs",
                            f"bare C client {median(bare):.1f} µs", f"{median(added):+.1f} µs", "≤ +20 µs",
                            median(added) <= 20, spread(added)))
    return rows


def long_run(bench):
    with bench.alone(), Nginx(bench.server_core) as nginx:
        result, outcome = bench.http(nginx.url, "--tps", 20_000, "--duration", "60s")
        counted = nginx.requests() - 2
    load = result["load"]
    share = load["succeeded"] / load["target"]
    return [Row("≥ 99.9 % completion over a long run: 20,000/s, 60 s", f"{share:.4%}, {verdict(result)}",
                f"nginx counted {counted:,}", "", "≥ 99.9 %", share >= 0.999,
                f"{load['succeeded']:,} of {load['target']:,}; {outcome.stolen_seconds} of {outcome.seconds}")]


def worker_http_rate(bench):
    with bench.alone(), Nginx(bench.server_core) as nginx:
        result, outcome = bench.http(nginx.url, "--tps", 100_000, "--duration", "10s")
    met = all_done(result, 1_000_000) and verdict(result) == "VALID"
    return [Row("100,000 TPS a worker of requests, one core, 10 s", f"{result['load']['succeeded']:,}, {verdict(result)}",
                "", "", "all, VALID", met,
                f"{cpu_us(result, outcome):.2f} µs of CPU each; {outcome.stolen_seconds} of {outcome.seconds}")]


def wrk_rate(bench, nginx):
    answer = bench.run(["wrk", "-t1", "-c64", "-d3s", nginx.url]).stdout
    return float(re.search(r"Requests/sec:\s*([\d.]+)", answer).group(1))


def found_rate(bench, nginx, limit):
    """The highest rate of a search, and how that ended."""
    with tempfile.TemporaryDirectory(prefix="vajrapulse-bench-") as folder:
        file = os.path.join(folder, "r.json")
        outcome = bench.run([bench.vajrapulse, "find-max", "http", nginx.url, "--shards", "1", "--quiet", *limit,
                             "--slo", "missed / target <= 0.01%", "--slo", "p99 < 10ms", "--start-rate", "100000",
                             "--step-duration", "2s", "--settle", "500ms", "--precision", "4%", "--max-time", "40s",
                             "--out", "json=" + file])
        if not os.path.exists(file):
            raise SystemExit(f"find-max wrote no result (exit {outcome.status}):\n{outcome.stdout}")
        with open(file, encoding="utf-8") as text:
            answer = json.load(text)["answer"]
    return answer["rate"] or 0, answer["end"]


def highest_rate(bench):
    """wrk between the searches, since what the host gives drifts; each counts against the two beside it."""
    limits = {"": (), ", 64 connections as wrk has": ("--connections", "64")}
    found = {name: [] for name in limits}
    for _ in range(3):
        with bench.alone(), Nginx(bench.server_core) as nginx:
            before = wrk_rate(bench, nginx)
            for name, limit in limits.items():
                rate, end = found_rate(bench, nginx, limit)
                after = wrk_rate(bench, nginx)
                found[name].append((rate, end, (before + after) / 2))
                before = after
    rows = []
    for name, searches in found.items():
        shares = [rate / wrk for rate, _, wrk in searches]
        rows.append(Row(f"highest open-loop rate on one core, missed ≤ 0.01 % and p99 < 10 ms, by find-max{name}",
                        f"{median(rate for rate, _, _ in searches):,.0f}/s",
                        f"wrk's closed loop {median(wrk for _, _, wrk in searches):,.0f}/s", f"{median(shares):.2f}",
                        "≥ 1.00", median(shares) >= 1.0,
                        f"{spread(shares)}; ended: {', '.join(end for _, end, _ in searches)}; "
                        "what each peer holds: bench peers"))
    return rows
