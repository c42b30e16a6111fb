"""The programs compared: how each is called, and how its answer reads."""

import dataclasses
import json
import os
import re
import shutil
import sys
import tempfile

import pinned


@dataclasses.dataclass
class Load:
    """One load run of any tool."""
    completed: int
    rate: float
    outcome: pinned.Outcome
    result: dict = dataclasses.field(default_factory=dict)  # the result file, for ours

    @property
    def cpu_us(self):
        return self.outcome.cpu_s / max(self.completed, 1) * 1e6

    def metric(self, name, **tags):
        for entry in self.result["metrics"]:
            if entry["name"] == name and entry["tags"] == tags:
                return entry
        sys.exit(f"the result file has no {name} {tags}")


class Tools:
    def __init__(self, options):
        self.core = options.generator_core
        self.build = options.build
        self.program = options.program or os.path.join(options.build, "apps/vajrapulse/vajrapulse")
        if not os.access(self.program, os.X_OK):
            sys.exit(f"{self.program} is not built: ./dev build")
        for tool in ("wrk", "h2load", "curl", "taskset"):
            if not shutil.which(tool):
                sys.exit(f"{tool} is missing: ./dev bench compare installs it when it may")

    def run(self, command, timeout=300):
        return pinned.run(self.core, command, timeout)

    def ours(self, url, *arguments):
        with tempfile.TemporaryDirectory(prefix="vajrapulse-bench-") as folder:
            file = os.path.join(folder, "r.json")
            outcome = self.run([self.program, "http", url, "--shards", "1", "--quiet", "--out", "json=" + file,
                                *arguments])
            if not os.path.exists(file):
                sys.exit(f"vajrapulse wrote no result (exit {outcome.status}):\n{outcome.stdout}")
            with open(file, encoding="utf-8") as text:
                result = json.load(text)
        completed = result["load"]["completed"]
        return Load(completed, completed / result["run"]["duration_s"], outcome, result)

    def wrk(self, url, seconds, connections=64):
        outcome = self.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", url])
        completed = int(re.search(r"(\d+) requests in", outcome.stdout).group(1))
        rate = float(re.search(r"Requests/sec:\s*([\d.]+)", outcome.stdout).group(1))
        return Load(completed, rate, outcome)

    def h2load(self, url, rate, seconds, clients=50):
        outcome = self.run(["h2load", "--h1", f"-c{clients}", f"--rps={rate / clients:g}",
                            f"-n{int(rate * seconds)}", url])
        completed = int(re.search(r"status codes: (\d+) 2xx", outcome.stdout).group(1))
        took = re.search(r"finished in ([\d.]+)(ms|s|us)", outcome.stdout)
        duration = float(took.group(1)) * {"s": 1, "ms": 1e-3, "us": 1e-6}[took.group(2)]
        return Load(completed, completed / duration, outcome)

    def floor(self, rate, seconds):
        """Percentiles of the bare sleeper's lag, in ns."""
        outcome = self.run([os.path.join(self.build, "bench/lag_floor"), f"{rate:g}", f"{seconds:g}"])
        return json.loads(outcome.stdout), outcome

    def bare_client(self, port, rate, seconds):
        """The least that a client which sleeps until each request is due can take: bench/ping_pong.cpp."""
        return self.run([os.path.join(self.build, "bench/ping_pong"), str(port), str(int(rate * seconds)), f"{rate:g}"])
