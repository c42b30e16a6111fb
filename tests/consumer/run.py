#!/usr/bin/env python3
"""Builds the examples as a stranger would, and runs each against the demo server.

  run.py installed|subdirectory --source DIR --build DIR --compiler PATH
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys


def run(*command, **options):
    print("+", " ".join(command), flush=True)
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, **options)


def configure(options, project, extra):
    launcher = shutil.which("ccache")
    run("cmake", "-S", os.path.join(options.source, "tests/consumer/project"), "-B", project, "-G", "Ninja",
        "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_CXX_COMPILER={options.compiler}",
        f"-DEXAMPLES={options.source}/examples", *([f"-DCMAKE_CXX_COMPILER_LAUNCHER={launcher}"] if launcher else []),
        *extra)


def installed(options, project):
    prefix = project + "-prefix"
    shutil.rmtree(prefix, ignore_errors=True)
    run("cmake", "--install", options.build, "--prefix", prefix, stdout=subprocess.DEVNULL)
    configure(options, project, [f"-DCMAKE_PREFIX_PATH={prefix}"])


def subdirectory(options, project):
    configure(options, project, [
        f"-DVAJRAPULSE_SOURCE={options.source}", "-DVP_WERROR=ON", "-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG",
        "-DSAME_FLAGS=-ffunction-sections;-fdata-sections"])


@contextlib.contextmanager
def demo_server(build):
    """The server's address; it is stopped by its process id."""
    program = os.path.join(build, "apps/vajrapulse/vajrapulse")
    server = subprocess.Popen([program, "demo-server", "--listen", "127.0.0.1:0"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        for line in server.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                yield found.group(0)
                break
        else:
            sys.exit("the demo server said no address")
    finally:
        server.terminate()
        server.wait(10)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=["installed", "subdirectory"])
    parser.add_argument("--source", required=True)
    parser.add_argument("--build", required=True)
    parser.add_argument("--compiler", required=True)
    options = parser.parse_args()
    # Beside the tree that tests us and as deep, so that the compiler cache sees the same relative paths.
    project = f"{options.build}-consumer-{options.way}"
    shutil.rmtree(project, ignore_errors=True)
    {"installed": installed, "subdirectory": subdirectory}[options.way](options, project)
    run("cmake", "--build", project)
    with demo_server(options.build) as url:
        for example in ("checkout", "ping", "lookup"):
            run(os.path.join(project, example), "--users", "2", "--iterations", "10", "--quiet",
                env={**os.environ, "BASE_URL": url}, timeout=60)
    result = os.path.join(project, "brake.json")
    run(os.path.join(project, "brake"), "--tps", "100", "--duration", "2s", "--quiet", "--out", "json=" + result, timeout=60)
    with open(result, encoding="utf-8") as file:
        told = [(control["action"], control["reason"]) for control in json.load(file)["controls"]]
    if told != [("rate x0.5", "p99 over 50 ms")]:
        sys.exit(f"brake steered otherwise: {told}")


if __name__ == "__main__":
    main()
