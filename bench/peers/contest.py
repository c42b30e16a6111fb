"""The four contests, each run pinned to the generator's core and read by nobody but the tool itself: except for the
counts of fixed rates, which are nginx's."""

import contextlib
import dataclasses
import os
import statistics
import tempfile

import highest
import pinned
from alone import Alone
from count import CountWithin
from stall_server import StallServer
from tool import Reading

CONNECTIONS = 64
STARTS_WITHIN_S = 6  # a tool that is told more than it can send is stopped this long after its end
STALL_CONNECTIONS = 10
STALL_RATE = 1000
STALL_SECONDS = 10
# 12 % of the arrivals find the server stalled and wait evenly from 0 to 240 ms: p is 240 × (1 - (1 - p) / 0.12).
TRUTH_MS = {95: 140, 97.5: 190, 99: 220, 99.9: 238}
TOLERANCE = {95: 0.15, 97.5: 0.12, 99: 0.10, 99.9: 0.10}  # draining what a stall left behind takes a client some ms


@dataclasses.dataclass
class Run:
    reading: Reading
    outcome: pinned.Outcome

    @property
    def cpu_us(self):
        return self.outcome.cpu_s / max(self.reading.completed, 1) * 1e6


class Course:
    def __init__(self, options):
        self.core, self.server_core = options.generator_core, options.server_core
        self.vajrapulse = os.path.join(options.build, "apps/vajrapulse/vajrapulse")
        self.alone = Alone(options.lock).measuring

    def run(self, tool, make_command):
        """None when the tool's answer cannot be read: it then says what it wrote."""
        with scratch(tool):
            outcome = pinned.run(self.core, [str(part) for part in make_command()], timeout=60)
            try:
                return Run(tool.read(outcome.stdout), outcome)
            except (ValueError, KeyError, OSError, AttributeError, StopIteration, TypeError) as error:
                print(f"  {tool.name}: unreadable ({error!r}), exit {outcome.status}: {outcome.stdout[-600:]}", flush=True)
                return None

    def run_unread(self, tool, make_command, timeout):
        with scratch(tool):
            return pinned.run(self.core, [str(part) for part in make_command()], timeout)


@contextlib.contextmanager
def scratch(tool):
    with tempfile.TemporaryDirectory(prefix="vajrapulse-bench-") as tool.scratch:
        os.environ.update(tool.environment)
        yield


@dataclasses.dataclass
class Cost:
    rate: float
    cpu_us: float
    cpu_to_wrk: list
    rate_to_wrk: float
    rss_bytes: int


def closed_loop(course, nginx, tool, wrk, turns, seconds):
    runs, beside = [], []
    for turn in range(turns):
        with course.alone():
            for who in (wrk, tool) if turn % 2 == 0 else (tool, wrk):
                found = course.run(who, lambda who=who: who.closed(nginx.url, seconds, CONNECTIONS))
                (runs if who is tool else beside).append(found)
    pairs = [(a, b) for a, b in zip(runs, beside) if a and b]
    if not pairs:
        return None
    ours = [a for a, _ in pairs]
    return Cost(statistics.median(a.reading.completed / seconds for a in ours),
                statistics.median(a.cpu_us for a in ours), [a.cpu_us / b.cpu_us for a, b in pairs],
                statistics.median(a.reading.completed / b.reading.completed for a, b in pairs),
                max(a.outcome.rss_bytes for a in ours))


def fixed_rate(course, nginx, tool, rate, seconds):
    """What share of the arrivals reached nginx, and within how long; for tools that have a rate."""
    with course.alone():
        before = nginx.requests()
        found = course.run(tool, lambda: tool.fixed(nginx.url, rate, seconds, CONNECTIONS))
        counted = nginx.requests() - before - 1
    return None if found is None else counted / (rate * seconds)


def highest_rate(course, nginx, tool, closed_loop_rate, seconds):
    """Searched with runs of `seconds`, each counted at its end: what arrives later was not sent at that rate."""
    def share_at(rate):
        with course.alone(), CountWithin(nginx, seconds) as count:
            outcome = course.run_unread(tool, lambda: tool.counted(nginx.url, rate, seconds, CONNECTIONS),
                                        timeout=seconds + STARTS_WITHIN_S)
        share = count.requests / (rate * seconds)
        print(f"  {rate:,}/s: {share:.2%}; waited for its core {outcome.stolen_s / outcome.wall_s:.1%}", flush=True)
        return share
    return highest.search(share_at, closed_loop_rate, CONNECTIONS)


@dataclasses.dataclass
class Truth:
    sent: int
    percentiles_ms: dict
    verdict: str


def stall_test(course, tool, connections):
    with course.alone(), StallServer(course.vajrapulse, course.server_core) as server:
        found = course.run(tool, lambda: tool.fixed(server.url, STALL_RATE, STALL_SECONDS, connections))
    if found is None:
        return None
    reading = found.reading
    return Truth(reading.completed, reading.percentiles_ms, verdict(reading))


def verdict(reading):
    wrong = [p for p, ms in reading.percentiles_ms.items()
             if ms is None or abs(ms / TRUTH_MS[p] - 1) > TOLERANCE[p]]
    unsent = 1 - reading.completed / (STALL_RATE * STALL_SECONDS)
    if not wrong and abs(unsent) <= 0.01:
        return "honest"
    said = f", but {reading.admits}" if reading.admits else ", and says nothing"
    if not wrong:
        return f"near: {unsent:.1%} not sent{said}" if unsent > 0 else f"near: {-unsent:.1%} too many sent"
    return f"**wrong**: {unsent:.0%} not sent{said}" if unsent > 0.01 else f"**wrong**{said}"
