#!/usr/bin/env python3
"""Holds the instructions that each guarded path takes against the figures on record; noise cannot move them.

Every path of build/release/bench/paths is walked at two lengths under callgrind; the difference, by the difference of
lengths, is what one execution costs. Figures are kept by compiler and C library in bench/gates/instructions.json.
"""

import argparse
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import callgrind  # noqa: E402

FIGURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "instructions.json")
TOLERANCE = 0.03

# Path: (what one execution is, the two lengths).
PATHS = {
    "empty-task": ("an empty task through the engine, all metrics", 5_000, 25_000),
    "http-client": ("an HTTP request through engine and client, canned answers", 5_000, 25_000),
    "http-simulated": ("the same over the simulated network, server included", 2_000, 8_000),
    "histogram-record": ("one histogram record", 10_000, 110_000),
    "even-arrival": ("one even arrival", 10_000, 110_000),
    "poisson-arrival": ("one Poisson arrival, one share of four", 10_000, 50_000),
}


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench gates", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", default="build/release", help="build tree with the Release programs")
    parser.add_argument("--update", action="store_true", help="record what is measured now")
    parser.add_argument("--only", help=f"comma-separated: {','.join(PATHS)}")
    return parser.parse_args()


def on_record():
    if not os.path.exists(FIGURES):
        return {}
    with open(FIGURES, encoding="utf-8") as file:
        return json.load(file)


def record(figures):
    with open(FIGURES, "w", encoding="utf-8") as out:
        json.dump(figures, out, indent=1, sort_keys=True)
        out.write("\n")


def measure(program, names):
    def one(name):
        _, short, long = PATHS[name]
        return name, round(callgrind.per_execution(program, name, short, long), 1)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(pool.map(one, names))


def judge(measured, known):
    """Prints a line a path; the paths that have grown beyond the tolerance."""
    grown = []
    for name, now in measured.items():
        before = known.get(name)
        change = (now / before - 1) if before else None
        if change is None:
            said = "not on record: --update"
        elif change > TOLERANCE:
            said = f"GREW by {change:.1%} (at most {TOLERANCE:.0%})"
            grown.append(name)
        elif change < -TOLERANCE:
            said = f"fell by {-change:.1%}: --update"
        else:
            said = f"{change:+.1%}"
        print(f"  {name:<18}{now:>10,.1f}{f'{before:,.1f}' if before else '–':>12}   {said:<24} {PATHS[name][0]}")
    return grown


def main():
    options = arguments()
    program = os.path.join(options.build, "bench/paths")
    if not os.access(program, os.X_OK):
        sys.exit(f"{program} is not built: ./dev build")
    names = options.only.split(",") if options.only else list(PATHS)
    unknown = [name for name in names if name not in PATHS]
    if unknown:
        sys.exit(f"no path '{unknown[0]}': there are {', '.join(PATHS)}")
    figures = on_record()
    key = callgrind.toolchain(options.build)
    print(f"instructions an execution, {key}: now, on record")
    measured = measure(program, names)
    grown = judge(measured, figures.get(key, {}))
    if options.update:
        figures.setdefault(key, {}).update(measured)
        record(figures)
        print(f"recorded in {os.path.relpath(FIGURES)}")
    elif grown:
        program_path = os.path.relpath(program)
        print(f"What grew, by function: python3 bench/gates/callgrind.py {program_path} {grown[0]}\n"
              "If it is worth its price, say why in the commit and record it: ./dev bench gates --update")
        sys.exit(1)


if __name__ == "__main__":
    main()
