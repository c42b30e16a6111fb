"""What runs against the shop: the plans, the task in C++ that `vajrapulse http` is, wrk, and the plans' twins in k6."""

import json
import os
import sys
import tempfile

from alone import Alone
from tools import Load, Tools

HERE = os.path.dirname(os.path.abspath(__file__))
USERS = 64
REQUESTS = {"one-get": 1, "checkout": 5}  # of an iteration


class Contestants:
    def __init__(self, options, url):
        self.seconds = options.seconds
        self.url = url.rstrip("/")
        self.tools = Tools(options)
        self.k6_program = os.path.join(options.tools, "bin", "k6")
        self._alone = Alone(options.lock).measuring

    def task(self):
        """http::HttpTask, which is what a program of one's own would send a GET with."""
        with self._alone():
            load = self.tools.ours(self.url + "/", "--users", str(USERS), "--duration", f"{self.seconds}s")
        return counted(load, 1)

    def plan(self, name):
        with self._alone(), tempfile.TemporaryDirectory(prefix="vajrapulse-bench-") as folder:
            file = os.path.join(folder, "r.json")
            outcome = self.tools.run([
                self.tools.program, "run", os.path.join(HERE, name + ".yml"), "--var", "base-url=" + self.url,
                "--set", f"scenarios.closed-loop.duration={self.seconds}s", "--shards", "1", "--quiet",
                "--out", "json=" + file])
            result = read(file, f"the plan {name}", outcome)
        return counted(Load(0, 0, outcome, result), REQUESTS[name])

    def wrk(self):
        with self._alone():
            return self.tools.wrk(self.url + "/", self.seconds, USERS)

    def k6(self, name):
        with self._alone(), tempfile.TemporaryDirectory(prefix="vajrapulse-bench-") as folder:
            file = os.path.join(folder, "summary.json")
            outcome = self.tools.run([
                self.k6_program, "run", "--quiet", "--no-usage-report", "--address", "", "-e", "URL=" + self.url,
                "-e", f"DURATION={self.seconds}s", "-e", "SUMMARY=" + file, os.path.join(HERE, name + ".js")])
            metrics = read(file, f"k6's {name}", outcome)
        if metrics["http_req_failed"]["values"]["passes"] or metrics["checks"]["values"]["fails"]:
            sys.exit(f"k6's {name}: not all succeeded:\n{outcome.stdout}")
        requests = int(metrics["http_reqs"]["values"]["count"])
        return Load(requests, requests / self.seconds, outcome, metrics)

    def per_core(self, load):
        """Requests a second of CPU. More than the whole run is not counted: k6 takes half a second to begin."""
        return load.completed / min(load.outcome.cpu_s, self.seconds)


def read(file, whose, outcome):
    if not os.path.exists(file):
        sys.exit(f"{whose} wrote no result (exit {outcome.status}):\n{outcome.stdout}")
    with open(file, encoding="utf-8") as text:
        return json.load(text)


def counted(load, requests):
    """A run that ours made, counted in requests: what failed would be cheaper than what is measured."""
    result = load.result
    numbers = result["load"]
    if numbers["failed"] or numbers["interrupted"] or not numbers["succeeded"]:
        sys.exit(f"{result['run']['name']}: not all succeeded: {numbers}")
    sent = next(m["value"] for m in result["metrics"] if m["name"] == "vajrapulse.request.total" and not m["tags"])
    if sent != numbers["completed"] * requests:
        sys.exit(f"{result['run']['name']}: {sent} requests in {numbers['completed']} iterations of {requests}")
    rate = numbers["completed_in_window"] * requests / result["run"]["duration_s"]
    return Load(sent, rate, load.outcome, result)

