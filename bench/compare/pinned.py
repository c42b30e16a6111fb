"""Runs a program pinned to one core and says what it took: CPU by wait4, and what the host took away meanwhile."""

import dataclasses
import glob
import os
import subprocess
import threading
import time


@dataclasses.dataclass
class Outcome:
    stdout: str
    status: int
    wall_s: float
    cpu_s: float
    rss_bytes: int
    seconds: int = 0          # seconds watched
    stolen_seconds: int = 0   # of these, with more than 1 ms taken away
    stolen_s: float = 0.0

    @property
    def clean(self):
        """At most one second in a hundred went to the host: else the run says more about it than about the tool."""
        return self.stolen_s <= max(0.01 * self.wall_s, 0.003)


def run(core, command, timeout=300):
    begin = time.perf_counter()
    process = subprocess.Popen(["taskset", "-c", str(core)] + command, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    watch = HostWatch(process.pid, core)
    watch.start()
    killer = threading.Timer(timeout, process.kill)
    killer.start()
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    killer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.stop()
    return Outcome(out, process.returncode, wall, usage.ru_utime + usage.ru_stime, watch.rss_bytes,
                   watch.seconds, watch.stolen_seconds, watch.stolen_s)


class HostWatch(threading.Thread):
    """Once a second: steal of the core (/proc/stat), run-queue wait of the program's threads (schedstat); ten times a
    second its peak of resident memory (ru_maxrss would count what it was forked from)."""

    def __init__(self, pid, core):
        super().__init__(daemon=True)
        self.pid, self.core = pid, core
        self.done = threading.Event()
        self.seconds = self.stolen_seconds = 0
        self.stolen_s = 0.0
        self.rss_bytes = 0
        self.previous = self._taken()

    def run(self):
        ticks = 0
        while not self.done.wait(0.1):
            ticks += 1
            self.rss_bytes = max(self.rss_bytes, self._peak_bytes())
            if ticks % 10 == 0:
                self._look()

    def stop(self):
        self.done.set()
        self.join()

    def _look(self):
        now = self._taken()
        taken = max(now[0] - self.previous[0], 0) + max(now[1] - self.previous[1], 0)
        self.previous = now
        self.seconds += 1
        self.stolen_s += taken
        if taken > 0.001:
            self.stolen_seconds += 1

    def _taken(self):
        return self._steal_s(), self._run_queue_wait_s()

    def _peak_bytes(self):
        try:
            with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
                return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:")), 0)
        except OSError:
            return 0

    def _steal_s(self):
        with open("/proc/stat", encoding="ascii") as stat:
            for line in stat:
                if line.startswith(f"cpu{self.core} "):
                    return int(line.split()[8]) / os.sysconf("SC_CLK_TCK")
        return 0.0

    def _run_queue_wait_s(self):
        total = 0
        for file in glob.glob(f"/proc/{self.pid}/task/*/schedstat"):
            try:
                with open(file, encoding="ascii") as line:
                    total += int(line.read().split()[1])
            except (OSError, IndexError):
                pass  # the thread has ended
        return total / 1e9
