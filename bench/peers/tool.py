"""What every load tool of the comparison is asked for."""

import dataclasses
import os

DEBIAN = "Debian package"


@dataclasses.dataclass
class Reading:
    """What a tool said of one run."""
    completed: int
    percentiles_ms: dict = dataclasses.field(default_factory=dict)  # {95: …, 99: …, 99.9: …}: those it reports
    admits: str = ""  # what it says of requests that were not sent in time


class Tool:
    """One tool. `closed` and `fixed` give the command of a run, `read` takes what that wrote; `scratch` is a folder of
    the run's own."""
    name = ""
    takes_rate = True
    environment = {}

    def __init__(self, tools_folder):
        self.folder = tools_folder
        self.scratch = ""

    def program(self, name):
        return os.path.join(self.folder, "bin", name)

    def file(self, name, text=None):
        path = os.path.join(self.scratch, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
        return path

    def version(self):
        with open(os.path.join(self.folder, self.name + ".version"), encoding="utf-8") as file:
            return file.read().strip().removeprefix("v")

    def missing(self):
        """Why it cannot be had; nothing: it is there."""
        failed = os.path.join(self.folder, self.name + ".failed")
        if os.path.exists(failed):
            with open(failed, encoding="utf-8") as file:
                return file.read().strip()
        return "" if os.path.exists(os.path.join(self.folder, self.name + ".version")) else "not installed"

    def closed(self, url, seconds, connections):
        raise NotImplementedError

    def fixed(self, url, rate, seconds, connections):
        """None: it has no fixed rate."""
        return None

    def counted(self, url, rate, seconds, connections):
        """The same for a run that the server counts and nobody reads: without what only percentiles need."""
        return self.fixed(url, rate, seconds, connections)

    def read(self, stdout):
        raise NotImplementedError


def percentile(sorted_values, p):
    """Nearest rank."""
    rank = max(-(-len(sorted_values) * p // 100), 1)
    return sorted_values[int(rank) - 1]


def percentiles(values):
    values = sorted(values)
    return {p: percentile(values, p) for p in (95, 99, 99.9)} if values else {}
