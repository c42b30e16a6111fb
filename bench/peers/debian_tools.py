"""wrk, h2load, ab and hey, as the distribution packs them."""

import csv
import io
import re
import shutil
import subprocess

from tool import Reading, Tool, percentiles


class DebianTool(Tool):
    package = ""

    def version(self):
        shown = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", self.package], capture_output=True, text=True,
                               check=False).stdout
        return re.split(r"[-+~]", shown)[0]

    def missing(self):
        return "" if shutil.which(self.name) else f"the package {self.package} is not installed"


class Wrk(DebianTool):
    name = package = "wrk"
    takes_rate = False

    def closed(self, url, seconds, connections):
        return ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", url]

    def read(self, stdout):
        return Reading(int(re.search(r"(\d+) requests in", stdout).group(1)))


class Ab(DebianTool):
    name, package = "ab", "apache2-utils"
    takes_rate = False

    def closed(self, url, seconds, connections):
        return ["ab", "-q", "-k", "-c", str(connections), "-t", str(seconds), "-n", "4000000", url]

    def read(self, stdout):
        return Reading(int(re.search(r"Complete requests:\s+(\d+)", stdout).group(1)))


class H2load(DebianTool):
    """Prints no percentiles: they are of its log file."""
    name, package = "h2load", "nghttp2-client"

    def closed(self, url, seconds, connections):
        self.file("log", "")
        return ["h2load", "--h1", f"-c{connections}", f"-D{seconds}", url]

    def fixed(self, url, rate, seconds, connections):
        return self._rate(rate, seconds, connections, "--log-file=" + self.file("log", ""), url)

    def counted(self, url, rate, seconds, connections):
        return self._rate(rate, seconds, connections, url)

    def _rate(self, rate, seconds, connections, *more):
        return ["h2load", "--h1", f"-c{connections}", f"--rps={rate / connections:g}", f"-n{rate * seconds}", *more]

    def read(self, stdout):
        with open(self.file("log"), encoding="ascii") as log:
            times = [int(line.split("\t")[2]) / 1000 for line in log]
        return Reading(int(re.search(r"status codes: (\d+) 2xx", stdout).group(1)), percentiles(times))


class Hey(DebianTool):
    """Percentiles of the lines it writes on demand: its summary has no p99.9, and says the same of the others."""
    name = package = "hey"

    def closed(self, url, seconds, connections):
        return ["hey", "-z", f"{seconds}s", "-c", str(connections), url]

    def fixed(self, url, rate, seconds, connections):
        return self._rate(rate, seconds, connections, "-o", "csv", url)

    def counted(self, url, rate, seconds, connections):
        return self._rate(rate, seconds, connections, url)

    def _rate(self, rate, seconds, connections, *more):
        return ["hey", "-z", f"{seconds}s", "-c", str(connections), "-q", f"{rate / connections:g}", *more]

    def read(self, stdout):
        if "response-time" not in stdout:
            return Reading(int(re.search(r"\[200\]\s+(\d+) responses", stdout).group(1)))
        rows = list(csv.DictReader(io.StringIO(stdout[stdout.index("response-time"):])))
        times = [float(row["response-time"]) * 1000 for row in rows if row.get("status-code") == "200"]
        return Reading(len(times), percentiles(times))
