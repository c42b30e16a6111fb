"""What the generator's own machine does to a run: it runs out of descriptors, or gives its processor to others."""

import contextlib
import os
import resource
import subprocess
import sys

from harness import CommandTest, Demo

NEIGHBOURS = 3
# Ends by itself, whatever becomes of the test.
BUSY = "import time\nend = time.monotonic() + 6\nwhile time.monotonic() < end: pass"


def at_most_descriptors(count):
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))


@contextlib.contextmanager
def busy_neighbours(core):
    """Processes that want all of `core`; ended by their ids."""
    pin = lambda: os.sched_setaffinity(0, {core})  # noqa: E731
    processes = [subprocess.Popen([sys.executable, "-c", BUSY], preexec_fn=pin) for _ in range(NEIGHBOURS)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


class Exhausted(CommandTest):
    def test_a_run_without_descriptors_is_invalid_and_says_so(self):
        # 200/s against answers that take 500 ms need 100 connections. epoll: io_uring gives its sockets back to the process.
        with Demo("--latency", "500ms") as demo:
            result = self.load(demo.url, "--tps", "200", "--duration", "1s", "--shards", "1", "--io", "epoll", codes=[98],
                               preexec_fn=at_most_descriptors(60))
        self.assertGreater(result["load"]["succeeded"], 0)
        self.assertIn("no-file-descriptors", {error["kind"] for error in result["errors"]})
        self.assertEqual(result["verdict"]["status"], "INVALID")
        self.assertTrue(any("it had no file descriptors left" in reason for reason in result["verdict"]["reasons"]),
                        result["verdict"])


class Starved(CommandTest):
    """Three neighbours want the core on which the generator is to send more than a quarter of a core can."""

    def test_a_run_that_its_host_starves_names_the_host(self):
        core = min(os.sched_getaffinity(0))
        with Demo() as demo, busy_neighbours(core):
            result = self.load(demo.url, "--tps", "40000", "--duration", "1500ms", "--shards", "1", "--drain", "1s",
                               codes=[0, 1, 98], preexec_fn=lambda: os.sched_setaffinity(0, {core}))
        waited_s = result["generator"]["host_wait_s"]
        if waited_s < 0.3:
            self.skipTest(f"the host kept the generator waiting for {waited_s:.3f} s only: it was not starved")
        self.assertIn(result["verdict"]["status"], ("DEGRADED", "INVALID"), result["verdict"])
        self.assertTrue(any("the host took the processor away" in reason for reason in result["verdict"]["reasons"]),
                        result["verdict"])
