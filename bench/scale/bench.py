"""Runs the programs of bench/*.cpp on one core and reads what they say."""

import json
import os
import sys
import tempfile

from alone import Alone
from pinned import run

KIB, MIB = 1024, 1024 * 1024


class Bench:
    def __init__(self, options):
        self.core = options.core
        self.server_core = 1 - options.core
        self.build = options.build
        self.alone = Alone(options.lock).measuring

    def run(self, command, timeout=300):
        return run(self.core, command, timeout)

    def program(self, name, *arguments):
        """A program of bench/ that answers with a line of JSON."""
        outcome = self.run([os.path.join(self.build, "bench", name), *map(str, arguments)])
        if outcome.status != 0:
            sys.exit(f"{name} ended with {outcome.status}:\n{outcome.stdout}")
        return json.loads(outcome.stdout), outcome

    def task(self, name, *arguments, program="tasks", shards=1, **environment):
        """A run of a task of bench/tasks.cpp: its result and what it took."""
        settings = [f"{key}={value}" for key, value in environment.items()]
        return self._measured("env", *settings, os.path.join(self.build, "bench", program), name, "--shards", shards,
                              *arguments)

    def calm_task(self, *arguments, **settings):
        """The same, up to three times until the host left the run alone; the note says how much it took of the last."""
        for attempt in range(1, 4):
            result, outcome = self.task(*arguments, **settings)
            if outcome.clean:
                break
        note = f"host took {outcome.stolen_s / outcome.wall_s:.1%}" + (f", attempt {attempt}" if attempt > 1 else "")
        return result, outcome, note

    def http(self, url, *arguments):
        return self._measured(self.vajrapulse, "http", url, "--shards", 1, *arguments)

    @property
    def vajrapulse(self):
        return os.path.join(self.build, "apps/vajrapulse/vajrapulse")

    def has_option(self, name):
        return name in self.run([os.path.join(self.build, "bench/tasks"), "--help"]).stdout

    def _measured(self, *command):
        with tempfile.TemporaryDirectory(prefix="vajrapulse-bench-") as folder:
            file = os.path.join(folder, "r.json")
            outcome = self.run([*map(str, command), "--quiet", "--out", "json=" + file])
            if not os.path.exists(file):
                sys.exit(f"{' '.join(map(str, command))} wrote no result (exit {outcome.status}):\n{outcome.stdout}")
            with open(file, encoding="utf-8") as text:
                return json.load(text), outcome


def cpu_us(result, outcome):
    return outcome.cpu_s / max(result["load"]["completed"], 1) * 1e6


def verdict(result):
    return result["verdict"]["status"]


def all_done(result, target):
    load = result["load"]
    return load["succeeded"] == load["target"] == target


def spread(values):
    return f"{min(values):.2f}–{max(values):.2f}"
