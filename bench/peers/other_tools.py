"""oha (Rust), autocannon (JavaScript), Locust (Python), and our own."""

import json
import os

from tool import Reading, Tool

LOCUSTFILE = """\
from locust import FastHttpUser, constant_throughput, task
class User(FastHttpUser):
    {wait}
    @task
    def get(self):
        self.client.get("/")
"""


class Oha(Tool):
    name = "oha"
    corrected = True

    def _run(self, url, seconds, connections, *more):
        return [self.program("oha"), "-z", f"{seconds}s", "-c", str(connections), "--no-tui", "--output-format", "json",
                *more, url]

    def closed(self, url, seconds, connections):
        return self._run(url, seconds, connections)

    def fixed(self, url, rate, seconds, connections):
        return self._run(url, seconds, connections, "-q", str(rate), *(["--latency-correction"] if self.corrected else []))

    def read(self, stdout):
        answer = json.loads(stdout[stdout.index("{"):])
        times = answer["latencyPercentiles"]
        return Reading(answer["statusCodeDistribution"].get("200", 0),
                       {95: times["p95"] * 1000, 99: times["p99"] * 1000, 99.9: times["p99.9"] * 1000})


class OhaPlain(Oha):
    corrected = False


class Autocannon(Tool):
    """Has no p95, but p97.5; whole milliseconds."""
    name = "autocannon"

    def _run(self, url, seconds, connections, *more):
        return ["node", os.path.join(self.folder, "node/node_modules/autocannon/autocannon.js"), "-j", "-n", "-c",
                str(connections), "-d", str(seconds), *more, url]

    def closed(self, url, seconds, connections):
        return self._run(url, seconds, connections)

    def fixed(self, url, rate, seconds, connections):
        return self._run(url, seconds, connections, "-R", str(rate))

    def read(self, stdout):
        answer = json.loads(next(line for line in stdout.splitlines() if line.startswith("{")))
        times = answer["latency"]
        return Reading(answer["2xx"], {97.5: times["p97_5"], 99: times["p99"], 99.9: times["p99_9"]})


class Locust(Tool):
    """Two significant digits above 100 ms."""
    name = "locust"

    def _run(self, url, seconds, users, wait):
        return [os.path.join(self.folder, "python/bin/python"), "-m", "locust", "-f",
                self.file("locustfile.py", LOCUSTFILE.format(wait=wait)), "--headless", "--only-summary", "-u",
                str(users), "-r", str(users), "-t", f"{seconds}s", "--host", url.rstrip("/"),
                "--json-file", self.file("locust")]

    def closed(self, url, seconds, connections):
        return self._run(url, seconds, connections, "")

    def fixed(self, url, rate, seconds, connections):
        return self._run(url, seconds, connections, f"wait_time = constant_throughput({rate / connections:g})")

    def read(self, stdout):
        with open(self.file("locust.json"), encoding="utf-8") as file:
            stats = json.load(file)[0]
        times = sorted((float(ms), count) for ms, count in stats["response_times"].items())
        return Reading(stats["num_requests"] - stats["num_failures"],
                       {p: weighted_percentile(times, p) for p in (95, 99, 99.9)})


def weighted_percentile(counted, p):
    """Nearest rank of sorted (value, count)."""
    rank, seen = sum(count for _, count in counted) * p / 100, 0
    for value, count in counted:
        seen += count
        if seen >= rank:
            return value
    return None


class VajraPulse(Tool):
    name = "vajrapulse"
    limited = True  # to that many connections, also at a fixed rate

    def __init__(self, tools_folder, program, version):
        super().__init__(tools_folder)
        self._program, self._version = program, version

    def version(self):
        return self._version

    def missing(self):
        return "" if os.access(self._program, os.X_OK) else "not built: ./dev build"

    def _run(self, url, *load):
        return [self._program, "http", url, "--shards", "1", "--quiet", *map(str, load), "--out",
                "json=" + self.file("r.json")]

    def closed(self, url, seconds, connections):
        return self._run(url, "--users", connections, "--duration", f"{seconds}s")

    def fixed(self, url, rate, seconds, connections):
        return self._run(url, "--tps", rate, "--duration", f"{seconds}s",
                         *(["--connections", connections] if self.limited else []))

    def read(self, stdout):
        with open(self.file("r.json"), encoding="utf-8") as file:
            result = json.load(file)
        times = next((m for m in result["metrics"]
                      if m["name"] == "vajrapulse.execution.response_time" and not m["tags"]), None)
        verdict = result["verdict"]["status"]
        return Reading(result["load"]["succeeded"], {p: times[f"p{p}"] / 1e6 for p in (95, 99, 99.9)} if times else {},
                       "" if verdict == "VALID" else f"says {verdict}")


class VajraPulseUnlimited(VajraPulse):
    limited = False
