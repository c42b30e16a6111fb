#!/usr/bin/env python3
"""Ten load tools beside vajrapulse: what a request costs, whether a rate is kept, whether a stall is seen.

nginx (or a server that stalls) has one core, every generator is pinned to the other. Each run takes 10 s at most (the search
for a tool's highest rate is 18 runs of 3 s at most), stays on loopback and ends by itself. Tools phone nobody: k6 is told
so, the others have no such thing.
"""

import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "compare")]

import contest  # noqa: E402
import machine  # noqa: E402
import page  # noqa: E402
import table  # noqa: E402
from debian_tools import Ab, H2load, Hey, Wrk  # noqa: E402
from go_tools import K6, Bombardier, Vegeta, VegetaDefault  # noqa: E402
from nginx import Nginx  # noqa: E402
from other_tools import Autocannon, Locust, Oha, OhaPlain, VajraPulse, VajraPulseUnlimited  # noqa: E402

PEERS = [Wrk, Ab, H2load, Oha, Bombardier, Autocannon, Hey, Vegeta, K6, Locust]


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench peers", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", default="build/release", help="build tree with the Release program")
    parser.add_argument("--tools", default="build/peers/tools", help="where bench/peers/install.sh put the others")
    parser.add_argument("--only", help="comma-separated names of tools")
    parser.add_argument("--turns", type=int, default=3, help="pairs with wrk of the closed loop")
    parser.add_argument("--seconds", type=int, default=3, help="of a closed-loop or fixed-rate run, and of a probe")
    parser.add_argument("--generator-core", type=int, default=0)
    parser.add_argument("--server-core", type=int, default=1)
    parser.add_argument("--lock", metavar="FILE", help="hold this lock (flock) while measuring")
    parser.add_argument("--markdown", metavar="FILE", help="also write the tables there, between its <!-- peers --> marks")
    return parser.parse_args()


def own_version(program):
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]


def cost_rows(course, tools, wrk, options):
    rows = []
    with Nginx(options.server_core) as nginx:
        for tool in tools:
            print(f"… {tool.name}: cost and rates", flush=True)
            cost = contest.closed_loop(course, nginx, tool, wrk, options.turns, options.seconds)
            shares, most = [None, None], None
            if tool.takes_rate:
                shares = [contest.fixed_rate(course, nginx, tool, rate, options.seconds) for rate in (20_000, 1000)]
            if tool.takes_rate and cost:
                most = contest.highest_rate(course, nginx, tool, cost.rate, options.seconds)
            rows.append(page.CostRow(tool, cost, *shares, most))
    return rows


def stall_rows(course, tools):
    rows = []
    for tool, setting, connections in tools:
        print(f"… {tool.name} {setting}: stalls", flush=True)
        rows.append(page.StallRow(tool, setting, contest.stall_test(course, tool, connections)))
    return rows


def settings(tools, make):
    """The stall test with the ten connections that a user would choose, and what else a user might set."""
    ten = contest.STALL_CONNECTIONS
    by_name = {tool.name: tool for tool in tools}
    every = [
        ("vajrapulse", by_name.get("vajrapulse"), "--connections 10", ten),
        ("vajrapulse", make(VajraPulseUnlimited), "as it comes", ten),
        ("oha", make(OhaPlain), "-c 10", ten),
        ("oha", by_name.get("oha"), "-c 10 --latency-correction", ten),
        ("vegeta", by_name.get("vegeta"), "-max-workers=10", ten),
        ("vegeta", make(VegetaDefault), "as it comes: any number of workers", ten),
        ("k6", by_name.get("k6"), "10 VUs", ten),
        ("k6", by_name.get("k6"), "300 VUs", 300),
        ("bombardier", by_name.get("bombardier"), "-c 10", ten),
        ("bombardier", by_name.get("bombardier"), "-c 300", 300),
        ("hey", by_name.get("hey"), "-c 10", ten),
        ("h2load", by_name.get("h2load"), "-c 10", ten),
        ("autocannon", by_name.get("autocannon"), "-c 10", ten),
        ("locust", by_name.get("locust"), "10 users", ten),
        ("locust", by_name.get("locust"), "100 users", 100)]
    return [row[1:] for row in every if row[0] in by_name]


def main():
    options = arguments()
    if not {options.generator_core, options.server_core} <= os.sched_getaffinity(0):
        sys.exit("bench peers needs two cores: one for the servers, one for the generators")
    os.sched_setaffinity(0, {options.server_core})
    course = contest.Course(options)

    def make(kind):
        folder = os.path.abspath(options.tools)
        if issubclass(kind, VajraPulse):
            return kind(folder, course.vajrapulse, own_version(course.vajrapulse))
        return kind(folder)

    tools = [make(kind) for kind in [VajraPulse, *PEERS]]
    if options.only:
        tools = [tool for tool in tools if tool.name in options.only.split(",")]
    absent = {tool.name: tool.missing() for tool in tools if tool.missing()}
    tools = [tool for tool in tools if tool.name not in absent]
    costs = cost_rows(course, tools, make(Wrk), options)
    stalls = stall_rows(course, settings(tools, make))
    header = machine.describe()[:1] + page.facts(tools, absent)
    print(page.as_text(costs, stalls, header))
    if options.markdown:
        table.write_markdown(options.markdown, page.as_markdown(costs, stalls, header), "peers")


if __name__ == "__main__":
    main()
