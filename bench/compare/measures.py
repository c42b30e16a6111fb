"""One function a measure: runs it interleaved with its peer, and gives rows of the table."""

import glob
import json
import os
import shutil
import statistics
import subprocess
import tempfile

from table import Row

NAMES = ["closed_loop", "fixed_rates", "open_loop", "sleeps_precisely", "exact_counts", "one_request", "size_and_memory",
         "micro"]

FLOOR_NOISE_NS = 1_000_000
median = statistics.median


def spread(values):
    return f"{min(values):.2f}–{max(values):.2f}"


def taken(loads):
    outcomes = [load.outcome for load in loads]
    return f"{sum(o.stolen_seconds for o in outcomes)} of {sum(o.seconds for o in outcomes)}"


def interleaved(pairs, contestants):
    """A B C, C B A, A B C…: what drifts drifts for all. Pairs that the host disturbed are done again, up to half as
    many again; returns the runs by contestant and how many pairs were left out."""
    runs = {name: [] for name in contestants}
    left_out = 0
    done = 0
    while done < pairs:
        order = list(contestants) if (done + left_out) % 2 == 0 else list(reversed(contestants))
        turn = {name: contestants[name]() for name in order}
        if left_out < pairs // 2 and not all(load.outcome.clean for load in turn.values()):
            left_out += 1
            continue
        done += 1
        for name, load in turn.items():
            runs[name].append(load)
    return runs, left_out


def ratios(ours, peers, figure):
    return [figure(a) / figure(b) for a, b in zip(ours, peers)]


def expect_io(load, io):
    if load.result["run"]["io"] != io:
        raise SystemExit(f"asked for {io}, the result says {load.result['run']['io']}")
    if load.result["load"]["failed"] or load.result["load"]["interrupted"]:
        raise SystemExit(f"{io}: not all succeeded: {load.result['load']}")
    return load


def closed_loop(tools, nginx, options):
    pairs = options.pairs or (2 if options.quick else 9)
    seconds = options.seconds or (2 if options.quick else 5)

    def ours(io):
        return lambda: expect_io(tools.ours(nginx.url, "--users", "64", "--duration", f"{seconds:g}s", "--io", io), io)

    runs, left_out = interleaved(pairs, {
        "wrk": lambda: tools.wrk(nginx.url, seconds), "io_uring": ours("io_uring"), "epoll": ours("epoll")})
    rows = []
    for io, cpu_aim, rate_aim in (("io_uring", 0.80, 1.05), ("epoll", 1.05, 0.95)):
        note = f"{taken(runs[io])}, {left_out} pairs left out"
        cpu = ratios(runs[io], runs["wrk"], lambda load: load.cpu_us)
        rows.append(Row(f"closed loop, 64 connections, {io}: CPU a request",
                        f"{median(l.cpu_us for l in runs[io]):.2f} µs", f"wrk {median(l.cpu_us for l in runs['wrk']):.2f} µs",
                        f"{median(cpu):.2f}", f"≤ {cpu_aim:.2f}", median(cpu) <= cpu_aim, f"{spread(cpu)}; {note}"))
        rate = ratios(runs[io], runs["wrk"], lambda load: load.rate)
        rows.append(Row(f"closed loop, 64 connections, {io}: requests/s",
                        f"{median(l.rate for l in runs[io]):,.0f}", f"wrk {median(l.rate for l in runs['wrk']):,.0f}",
                        f"{median(rate):.2f}", f"≥ {rate_aim:.2f}", median(rate) >= rate_aim, spread(rate)))
    return rows


def fixed_rates(tools, nginx, options):
    pairs = 2 if options.quick else options.pairs or 9
    seconds = 2 if options.quick else 5
    rows = []
    for rate in (20_000, 50_000):
        runs, left_out = interleaved(pairs, {
            "h2load": lambda: tools.h2load(nginx.url, rate, seconds),
            "ours": lambda: tools.ours(nginx.url, "--tps", str(rate), "--duration", f"{seconds:g}s"),
            "closed": lambda: tools.ours(nginx.url, "--users", "64", "--duration", f"{seconds:g}s")})
        cpu = ratios(runs["ours"], runs["h2load"], lambda load: load.cpu_us)
        own = ratios(runs["ours"], runs["closed"], lambda load: load.cpu_us)
        ours_us = median(l.cpu_us for l in runs["ours"])
        verdicts = ",".join(sorted({l.result["verdict"]["status"] for l in runs["ours"]}))
        rows.append(Row(f"{rate:,}/s: CPU a request", f"{ours_us:.2f} µs",
                        f"h2load --h1 {median(l.cpu_us for l in runs['h2load']):.2f} µs",
                        f"{median(cpu):.2f}", "≤ 0.60", median(cpu) <= 0.6,
                        f"{spread(cpu)}; {taken(runs['ours'])}, {left_out} left out; {verdicts}"))
        rows.append(Row(f"{rate:,}/s: CPU a request against our closed loop", f"{ours_us:.2f} µs",
                        f"ours, closed {median(l.cpu_us for l in runs['closed']):.2f} µs",
                        f"{median(own):.2f}", "≤ 1.25", median(own) <= 1.25, spread(own)))
    return rows


def beside_floor(tools, rate, seconds, measure, repeats):
    """(ours, floor before, floor after) so that the host's own lateness is known at the time of the run. Turns in which
    even the bare sleeper was a millisecond late say nothing and are done again; when no quiet one comes, all
    are given, and nothing is concluded from them about lag."""
    quiet, noisy = [], []
    while len(quiet) < repeats and len(noisy) <= repeats:
        before, _ = tools.floor(rate, seconds / 2)
        load = measure()
        after, _ = tools.floor(rate, seconds / 2)
        turn = (load, before, after)
        (quiet if floor_p99(turn) <= FLOOR_NOISE_NS else noisy).append(turn)
    return (quiet, f"{len(noisy)} noisy turns left out") if quiet else (noisy, "HOST TOO NOISY: floor over 1 ms")


def lag_row(what, ours_ns, turns, aim_us, note):
    above = [(ours - floor_p99(turn)) / 1000 for ours, turn in zip(ours_ns, turns)]
    quiet = all(floor_p99(turn) <= FLOOR_NOISE_NS for turn in turns)
    return Row(what, f"{median(ours_ns) / 1000:.0f} µs", f"floor {median(map(floor_p99, turns)) / 1000:.0f} µs",
               f"{median(above):+.0f} µs", f"≤ +{aim_us} µs", median(above) <= aim_us if quiet else None,
               f"{min(above):+.0f}…{max(above):+.0f}; {taken([turn[0] for turn in turns])}; {note}")


def floor_p99(turn):
    return (turn[1]["p99"] + turn[2]["p99"]) / 2


def open_loop(tools, nginx, options):
    seconds = 5 if options.quick else 10
    repeats = 1 if options.quick else 5
    wrk_rate = median(tools.wrk(nginx.url, 3).rate for _ in range(1 if options.quick else 3))
    rate = int(0.9 * wrk_rate)
    turns, note = beside_floor(tools, rate, seconds, lambda: tools.ours(
        nginx.url, "--tps", str(rate), "--duration", f"{seconds}s"), repeats)
    loads = [turn[0] for turn in turns]
    missed = [l.result["load"]["missed"] / l.result["load"]["target"] for l in loads]
    dropped = sum(l.result["load"]["dropped"] for l in loads)
    verdicts = [l.result["verdict"]["status"] for l in loads]
    lags = [l.result["generator"]["scheduler_lag"]["p99"] for l in loads]
    name = f"open loop at {rate:,}/s (0.9 × wrk), {seconds} s"
    return [
        Row(f"{name}: missed", f"{median(missed):.3%}", "", "", "≤ 0.01 %", median(missed) <= 0.0001,
            f"{min(missed):.3%}–{max(missed):.3%}; {taken(loads)}"),
        Row(f"{name}: dropped", str(dropped), "", "", "0", dropped == 0),
        Row(f"{name}: verdict", ", ".join(f"{verdicts.count(v)} × {v}" for v in sorted(set(verdicts))), "", "",
            "VALID", set(verdicts) == {"VALID"}),
        lag_row(f"{name}: scheduler lag p99", lags, turns, 200, note),
    ]


def sleeps_precisely(tools, nginx, options):
    seconds = 5 if options.quick else 10
    repeats = 1 if options.quick else 5
    turns, note = beside_floor(tools, 1000, seconds, lambda: tools.ours(
        nginx.url, "--tps", "1000", "--duration", f"{seconds}s"), repeats)
    bare = [tools.bare_client(nginx.port, 1000, seconds).cpu_s / seconds for _ in range(repeats)]
    loads = [turn[0] for turn in turns]
    delays = [l.metric("vajrapulse.execution.start_delay")["p99"] for l in loads]
    cores = [l.outcome.cpu_s / l.result["run"]["duration_s"] for l in loads]
    return [
        lag_row("1,000/s: start delay p99", delays, turns, 100, note),
        Row("1,000/s: share of a core", f"{median(cores):.2%}", f"bare C client {median(bare):.2%}",
            f"{median(cores) / median(bare):.2f}", "≤ 4 %", median(cores) <= 0.04,
            f"{min(cores):.2%}–{max(cores):.2%}"),
    ]


def exact_counts(tools, nginx, options):
    seconds = 10
    before = nginx.requests()
    load = tools.ours(nginx.url, "--tps", "20000", "--duration", f"{seconds}s")
    counted = nginx.requests() - before - 1
    numbers = load.result["load"]
    exact = (numbers["target"] == 20_000 * seconds == numbers["succeeded"] == counted
             and load.result["verdict"]["status"] == "VALID")
    return [Row("20,000/s for 10 s: succeeded of target, verdict",
                f"{numbers['succeeded']:,} of {numbers['target']:,}, {load.result['verdict']['status']}",
                f"nginx counted {counted:,}", "", "equal, VALID", exact, taken([load]))]


def one_request(tools, nginx, options):
    pairs = 5 if options.quick else 21
    ours_s, curl_s = [], []
    for i in range(pairs):
        commands = [(ours_s, [tools.program, "http", nginx.url, "--iterations", "1", "--quiet"]),
                    (curl_s, ["curl", "-s", "-o", "/dev/null", nginx.url])]
        for times, command in commands if i % 2 == 0 else reversed(commands):
            times.append(tools.run(command).wall_s)
    relation = [a / b for a, b in zip(ours_s, curl_s)]
    return [Row("whole run of one request, wall time", f"{median(ours_s) * 1000:.1f} ms",
                f"curl {median(curl_s) * 1000:.1f} ms", f"{median(relation):.2f}", "≤ 1.00", median(relation) <= 1.0,
                spread(relation))]


def stripped_bytes(program):
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(program, folder)
        subprocess.run(["strip", copy], check=True)
        return os.path.getsize(copy)


def size_and_memory(tools, nginx, options):
    size = stripped_bytes(tools.program)
    short = tools.ours(nginx.url, "--users", "64", "--duration", "3s").outcome.rss_bytes
    long_s = 6 if options.quick else 60
    long = tools.ours(nginx.url, "--users", "64", "--duration", f"{long_s}s").outcome.rss_bytes
    mega = 1024 * 1024
    return [
        Row("program, Release, stripped", f"{size / mega:.1f} MB", "", "", "≤ 15 MB", size <= 15 * mega),
        Row("peak RSS, 64 connections, 3 s", f"{short / mega:.1f} MB", "", "", "≤ 30 MB", short <= 30 * mega),
        Row(f"peak RSS, 64 connections, {long_s} s", f"{long / mega:.1f} MB", f"3 s: {short / mega:.1f} MB",
            f"{long / short:.2f}", "no growth (≤ 1.05)", long <= 1.05 * short + 256 * 1024),
    ]


def micro(tools, nginx, options):
    rows = []
    for name, what, aim_ns in (("record", "one histogram record", 10),
                               ("record_execution", "recording an execution: six histograms, three counters", 50)):
        nanoseconds = None
        for program in glob.glob(os.path.join(tools.build, "**", "metrics_bench"), recursive=True):
            answer = tools.run([program, f"--benchmark_filter=^{name}(/.*)?$", "--benchmark_format=json",
                                "--benchmark_repetitions=5", "--benchmark_min_time=0.1"])
            found = [b["cpu_time"] for b in parsed(answer.stdout) if b.get("run_type") == "iteration"]
            if found:
                nanoseconds = median(found)
        shown = "not found" if nanoseconds is None else f"{nanoseconds:.1f} ns"
        rows.append(Row(what, shown, "", "", f"≤ {aim_ns} ns", nanoseconds is not None and nanoseconds <= aim_ns, name))
    return rows


def parsed(text):
    """google-benchmark writes its warnings on stderr, before the JSON."""
    begin = text.find("{")
    try:
        return json.loads(text[begin:])["benchmarks"] if begin >= 0 else []
    except (ValueError, KeyError):
        return []
