#!/usr/bin/env python3
"""Our histograms against HdrHistogram of other languages, both ways: equal counts at every value.

    exchange_test.py python|java EXCHANGE VAJRAPULSE [PYTHON_WITH_HDRHISTOGRAM]

Exit code 77, and a line that says why, where the peer is not to be had on this machine.
"""

import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
HIGHEST = 3_600_000_000_000
JAR = pathlib.Path("/usr/share/java/hdrhistogram.jar")
SKIPPED = 77

ours = []
theirs = []
vajrapulse = ""


def exchange(side, what, lines):
    ended = subprocess.run([*side, what], input="".join(line + "\n" for line in lines), stdout=subprocess.PIPE,
                           text=True, timeout=100, check=True)
    return ended.stdout


def encode(side, histograms):
    """A payload for each list of (value, times)."""
    lines = []
    for histogram in histograms:
        lines += [f"{value} {times}" for value, times in histogram] + [""]
    return exchange(side, "encode", lines).split()


def decode(side, payloads):
    """What each payload holds: {lowest equivalent value: count}."""
    blocks = exchange(side, "decode", payloads).split("\n\n")[:len(payloads)]
    return [{int(value): int(count) for value, count in (line.split() for line in block.split("\n") if line)}
            for block in blocks]


def samples():
    """Edges of every bucket, single values, large counts, latencies of every magnitude."""
    edges = sorted({min(max((1 << bit) + step, 0), HIGHEST) for bit in range(42) for step in (-1, 0, 1)})
    yield [(value, 1) for value in edges]
    for value in (0, 1, 2047, 2048, 999_999_999, HIGHEST):
        yield [(value, 3)]
    yield [(value, 1) for value in range(1, 5000)]
    yield [(value, (1 << 40) + value) for value in (0, 5, 100_000, 123_456_789)]
    for seed in range(20):
        dice = random.Random(seed)
        yield [(int(2 ** dice.uniform(0, 41)), dice.randint(1, 1000)) for _ in range(dice.randint(1, 3000))]


class Histograms(unittest.TestCase):
    maxDiff = 2000

    def setUp(self):
        self.samples = list(samples())

    def test_ours_hold_for_them_what_was_recorded(self):
        theirs_of_theirs = decode(theirs, encode(theirs, self.samples))
        theirs_of_ours = decode(theirs, encode(ours, self.samples))
        self.assertEqual(len(theirs_of_ours), len(self.samples))
        for sample, mine, other in zip(self.samples, theirs_of_ours, theirs_of_theirs):
            self.assertEqual(sum(mine.values()), sum(times for _, times in sample))
            self.assertEqual(mine, other)

    def test_theirs_hold_for_us_what_was_recorded(self):
        payloads = encode(theirs, self.samples)
        self.assertEqual(decode(ours, payloads), decode(theirs, payloads))
        self.assertEqual(decode(ours, payloads), decode(ours, encode(ours, self.samples)))

    def test_merging_gives_what_their_merging_gives(self):
        payloads = encode(ours, self.samples)
        merged = [exchange(side, "merge", payloads).strip() for side in (ours, theirs)]
        self.assertEqual(decode(theirs, merged[:1]), decode(theirs, merged[1:]))
        self.assertEqual(decode(ours, merged[:1]), decode(ours, merged[1:]))

    def test_they_read_a_result_file(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "result.json")
            demo = subprocess.Popen([vajrapulse, "demo-server", "--listen", "127.0.0.1:0", "--latency", "exp:2ms"],
                                    stdout=subprocess.PIPE, text=True)
            try:
                url = re.search(r"http://\S+", demo.stdout.readline()).group(0)
                subprocess.run([vajrapulse, "http", url, "--tps", "1000", "--duration", "1s", "--quiet", "--out",
                                f"json={file}"], timeout=60, stdout=subprocess.DEVNULL, check=False)
            finally:
                demo.send_signal(signal.SIGTERM)
                demo.wait(20)
                demo.stdout.close()
            with open(file, encoding="utf-8") as text:
                result = json.load(text)
        histograms = [metric for metric in result["metrics"] if metric["type"] == "histogram" and metric["count"] > 0]
        self.assertIn("vajrapulse.execution.response_time", {metric["name"] for metric in histograms})
        for metric, counts in zip(histograms, decode(theirs, [metric["hdr"] for metric in histograms])):
            self.assertEqual(sum(counts.values()), metric["count"], metric["name"])
            for name, percent in (("p50", 50), ("p90", 90), ("p99", 99)):
                # The nearest rank's bucket begins at most a thousandth below its highest value, which is reported.
                left = -(-metric["count"] * percent // 100)
                for value in sorted(counts):
                    left -= counts[value]
                    if left <= 0:
                        break
                self.assertLessEqual(value, metric[name])
                self.assertGreaterEqual(value * 1.001 + 1, metric[name])


def skip(why):
    print(f"SKIPPED: {why}; ./dev test installs it where it is to be had")
    sys.exit(SKIPPED)


if __name__ == "__main__":
    language, our_exchange, vajrapulse = sys.argv[1:4]
    ours = [our_exchange]
    if language == "java":
        java = shutil.which("java")
        if not java or not shutil.which("javac"):
            skip("no JDK is here")
        if not JAR.exists():
            skip(f"no {JAR} is here")
        theirs = [java, "-cp", str(JAR), str(HERE / "Exchange.java")]
    else:
        python = sys.argv[4]
        if not os.access(python, os.X_OK):
            skip(f"HdrHistogram for Python is not here ({python})")
        theirs = [python, str(HERE / "exchange.py")]
    unittest.main(argv=sys.argv[:1], verbosity=2)
