#!/usr/bin/env python3
"""Compares vajrapulse with wrk, h2load and curl against nginx, and prints one table of ratios.

nginx has one worker on one core, every generator runs pinned to another. Peers are interleaved A B B A and the
median of the pairs' ratios is what counts: these machines are shared, so absolute figures mean little. Everything
stays on loopback and ends by itself.
"""

import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import machine  # noqa: E402
import measures  # noqa: E402
import table  # noqa: E402
from nginx import Nginx  # noqa: E402
from tools import Tools  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench compare", description=__doc__.split("\n")[0])
    parser.add_argument("--build", default="build/release", help="build tree with the Release program")
    parser.add_argument("--program", help="the vajrapulse to measure (default: the build tree's)")
    parser.add_argument("--quick", action="store_true", help="few short pairs: a look, no measurement")
    parser.add_argument("--pairs", type=int, help="interleaved pairs of the closed loop (9)")
    parser.add_argument("--seconds", type=float, help="length of a closed-loop run (5)")
    parser.add_argument("--only", help=f"comma-separated: {','.join(measures.NAMES)}")
    parser.add_argument("--generator-core", type=int, default=0)
    parser.add_argument("--server-core", type=int, default=1)
    parser.add_argument("--markdown", metavar="FILE", help="also write the table there, between its <!-- bench --> marks when it has them")
    parser.add_argument("--gate", action="store_true", help="exit 1 when an aim is missed")
    return parser.parse_args()


def main():
    options = arguments()
    cores = os.sched_getaffinity(0)
    if not {options.generator_core, options.server_core} <= cores:
        sys.exit("bench compare needs two cores: one for nginx, one for the generators")
    os.sched_setaffinity(0, {options.server_core})
    tools = Tools(options)
    rows = []
    with Nginx(options.server_core) as nginx:
        for name in (options.only or ",".join(measures.NAMES)).split(","):
            print(f"… {name}", flush=True)
            rows += getattr(measures, name)(tools, nginx, options)
    header = machine.describe()
    print(table.as_text(rows, header))
    if options.markdown:
        table.write_markdown(options.markdown, table.as_markdown(rows, header))
    if options.gate and any(row.met is False for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
