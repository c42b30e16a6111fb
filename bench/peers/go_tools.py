"""k6, vegeta and bombardier: Go modules, each on one processor."""

import json
import subprocess

from tool import Reading, Tool

K6_SCRIPT = """\
import http from 'k6/http';
export const options = {{
  discardResponseBodies: true,
  summaryTrendStats: ['p(95)', 'p(99)', 'p(99.9)'],
  scenarios: {{ main: {scenario} }},
}};
export default function () {{ http.get('{url}'); }}
export function handleSummary(data) {{ return {{ '{file}': JSON.stringify(data.metrics) }}; }}
"""


class K6(Tool):
    name = "k6"
    environment = {"K6_NO_USAGE_REPORT": "true"}

    def _run(self, url, scenario):
        script = K6_SCRIPT.format(scenario=json.dumps(scenario), url=url, file=self.file("summary.json"))
        return [self.program("k6"), "run", "--quiet", "--address", "", self.file("script.js", script)]

    def closed(self, url, seconds, connections):
        return self._run(url, {"executor": "constant-vus", "vus": connections, "duration": f"{seconds}s"})

    def fixed(self, url, rate, seconds, connections):
        return self._run(url, {"executor": "constant-arrival-rate", "rate": rate, "timeUnit": "1s",
                               "duration": f"{seconds}s", "preAllocatedVUs": connections, "maxVUs": connections})

    def read(self, stdout):
        with open(self.file("summary.json"), encoding="utf-8") as file:
            metrics = json.load(file)
        times = metrics["http_req_duration"]["values"]
        dropped = metrics.get("dropped_iterations", {}).get("values", {}).get("count", 0)
        failed = metrics["http_req_failed"]["values"]["passes"]
        return Reading(metrics["http_reqs"]["values"]["count"] - failed,
                       {95: times["p(95)"], 99: times["p(99)"], 99.9: times["p(99.9)"]},
                       f"counts {dropped:,.0f} dropped" if dropped else "")


class Vegeta(Tool):
    """`attack` is measured; its report is drawn up afterwards."""
    name = "vegeta"
    default_workers = False

    def _attack(self, url, rate, seconds, workers):
        return [self.program("vegeta"), "attack", f"-rate={rate}", f"-duration={seconds}s", *workers,
                "-targets=" + self.file("targets", f"GET {url}\n"), "-output=" + self.file("out")]

    def closed(self, url, seconds, connections):
        return self._attack(url, 0, seconds, [f"-max-workers={connections}"])

    def fixed(self, url, rate, seconds, connections):
        return self._attack(url, rate, seconds, [] if self.default_workers else [f"-max-workers={connections}"])

    def read(self, stdout):
        report = json.loads(subprocess.run([self.program("vegeta"), "report", "-type=json", self.file("out")],
                                           capture_output=True, text=True, check=True).stdout)
        exact = report["latencies"]
        # Its report has no p99.9; its histogram of the same file has.
        return Reading(report["status_codes"].get("200", 0), {
            95: exact["95th"] / 1e6, 99: exact["99th"] / 1e6, 99.9: self._p999()})

    def _p999(self):
        report = subprocess.run([self.program("vegeta"), "report", "-type=hdrplot", self.file("out")],
                                capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in report.splitlines()[1:] if line.strip()]
        return next((float(row[0]) for row in rows if float(row[1]) >= 0.999), None)


class VegetaDefault(Vegeta):
    default_workers = True


class Bombardier(Tool):
    name = "bombardier"

    def _run(self, url, seconds, connections, *more):
        return [self.program("bombardier"), "-c", str(connections), "-d", f"{seconds}s", "-l", "-p", "r", "-o", "json",
                "--fasthttp", *more, url]

    def closed(self, url, seconds, connections):
        return self._run(url, seconds, connections)

    def fixed(self, url, rate, seconds, connections):
        return self._run(url, seconds, connections, "-r", str(rate))

    def read(self, stdout):
        result = json.loads(stdout[stdout.index("{"):])["result"]
        times = result["latency"].get("percentiles", {})
        return Reading(result["req2xx"], {p: times[str(p)] / 1000 for p in (95, 99) if str(p) in times})
