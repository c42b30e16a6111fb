"""find-max against a server whose capacity is known exactly: so many slots, each busy for a fixed time."""

import re
import signal
import time

from harness import ANSWERED, STEP_LIMIT_S, CommandTest, Demo, free_port, run, started

# Short, so that a search takes some seconds; what they cost in certainty the step is measured again for.
QUICK = ("--step-duration", "600ms", "--settle", "150ms")
LIMIT_S = 80


class FindMax(CommandTest):
    def search(self, demo, *options, start="80"):
        ended = run("find-max", "http", demo.url, *QUICK, "--start-rate", start, "--out", f"json={self.result_file}",
                    *options, timeout=LIMIT_S)
        return ended, self.result()

    def assert_near(self, answer, capacity, text):
        self.assertLessEqual(abs(answer / capacity - 1), 0.03, text)

    def test_finds_the_capacity_of_a_server_with_slots(self):
        # 7 slots of 20 ms are 350 a second, and not one more.
        with Demo("--slots", "7", "--latency", "20ms") as demo:
            ended, result = self.search(demo, "--slo", "p99<60ms", "--slo", "errors<0.1%")
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assert_near(result["answer"]["rate"], 350, ended.stdout)
        self.assertEqual(result["schema"], "vajrapulse.find-max/1")
        self.assertEqual(result["slo"], ["p99<60ms", "errors<0.1%"])
        self.assertEqual(result["answer"]["end"], "found")
        self.assertGreater(result["answer"]["fails_at"], result["answer"]["rate"])
        self.assertLess(result["answer"]["fails_at"], 1.021 * result["answer"]["rate"])
        rates = [level["rate"] for level in result["curve"]]
        self.assertEqual(rates, sorted(rates))
        self.assertIn("MAXIMUM", ended.stdout)
        self.assertIn("p99 by rate", ended.stdout)
        # A rate's figures are of all its runs, and nothing else.
        for level in result["curve"]:
            self.assertAlmostEqual(level["response_time"]["count"], level["rate"] * level["measured_s"],
                                   delta=level["runs"] + 1)

    def test_without_an_objective_it_finds_what_the_target_keeps_up_with(self):
        with Demo("--slots", "6", "--latency", "15ms") as demo:
            ended, result = self.search(demo)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertIn("no --slo given: a rate holds while errors < 1% and the target keeps up with it", ended.stdout)
        self.assert_near(result["answer"]["rate"], 400, ended.stdout)

    def test_the_highest_rate_allowed_is_an_answer(self):
        with Demo("--latency", "5ms") as demo:
            ended, result = self.search(demo, "--max-rate", "100", "--confirmations", "0")
            self.assertLess(demo.count(), 1000)
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.assertEqual(result["answer"]["rate"], 100)
        self.assertEqual(result["answer"]["end"], "max-rate")

    def test_no_answer_is_99(self):
        with Demo("--latency", "20ms") as demo:
            ended, result = self.search(demo, "--slo", "p50<10ms", start="8")
        self.assertEqual(ended.returncode, 99, ended.stdout + ended.stderr)
        self.assertIsNone(result["answer"]["rate"])
        self.assertEqual(result["answer"]["end"], "nothing-holds")
        self.assertEqual(result["exit_code"], 99)
        self.assertIn("NOTHING", ended.stdout)

    def test_time_that_is_over_is_99_with_what_is_known(self):
        with Demo("--latency", "1ms") as demo:
            ended, result = self.search(demo, "--max-time", "6s", start="100")
        self.assertEqual(ended.returncode, 99, ended.stdout + ended.stderr)
        self.assertEqual(result["answer"]["end"], "out-of-time")
        self.assertGreaterEqual(result["answer"]["rate"], 100)

    def test_ctrl_c_reports_the_best_so_far(self):
        with Demo("--latency", "1ms") as demo:
            with started("find-max", "http", demo.url, *QUICK, "--start-rate", "80", "--out",
                         f"json={self.result_file}") as process:
                held = re.compile(r"/s +holds")  # not the note, nor a step that the host disturbed
                while not held.search(process.stdout.readline()):
                    self.assertIsNone(process.poll(), "it ended, and no step held")
                process.send_signal(signal.SIGINT)
                begin = time.monotonic()
                text = "".join(process.communicate(timeout=STEP_LIMIT_S))
                self.assertLess(time.monotonic() - begin, 5)
        result = self.result()
        self.assertEqual(process.returncode, 130, text)
        self.assertEqual(result["exit_code"], 130)
        self.assertGreaterEqual(result["answer"]["rate"], 80)
        self.assertIn("interrupted: at least", text)

    def test_a_target_that_is_not_there_is_1(self):
        ended = run("find-max", "http", f"http://127.0.0.1:{free_port()}/", *QUICK)
        self.assertEqual(ended.returncode, 1)
        self.assertIn("connection-refused", ended.stderr)

    def test_bad_usage_is_2(self):
        url = "http://127.0.0.1:1/"
        for arguments in ([], ["http"], ["https", url], ["http", url, "--slo", "p99<50"],
                          ["http", url, "--slo", "p98.x<1s"], ["http", url, "--slo", "p99"],
                          ["http", url, "--slo", "1 < 2"], ["http", url, "--precision", "90%"],
                          ["http", url, "--precision", "p99"], ["http", url, "--precision", "5ms"],
                          ["http", url, "--start-rate", "0"], ["http", url, "--max-rate", "2000000000"],
                          ["http", url, "--start-rate", "100", "--max-rate", "50"],
                          ["http", url, "--step-duration", "1ms"], ["http", url, "--settle", "-1s"],
                          ["http", url, "--max-time", "0s"], ["http", url, "--confirmations", "-1"],
                          ["http", url, "--arrivals", "odd"], ["http", url, "--max-in-flight", "0"],
                          ["http", url, "--tps", "10"], ["http", url, "--once"]):
            with self.subTest(arguments=arguments):
                self.assert_usage_error("find-max", *arguments)
        for options in (["--slots", "4"], ["--slots", "0", "--latency", "5ms"]):
            self.assert_usage_error("demo-server", *options)

    def test_help_fits(self):
        for arguments in (["find-max", "--help"], ["find-max", "http", "--help"]):
            ended = run(*arguments)
            self.assertEqual(ended.returncode, 0)
            self.assertLessEqual(max(map(len, ended.stdout.splitlines())), 100, arguments)


class Adaptive(CommandTest):
    def gauge(self, name):
        return next(metric for metric in self.result()["metrics"] if metric["name"] == f"vajrapulse.adaptive.{name}")

    def test_goes_up_to_the_highest_rate_and_stays(self):
        with Demo("--latency", "5ms") as demo:
            ended = run("http", demo.url, "--adaptive", "--initial-tps", "100", "--ramp-increment", "100", "--max-tps",
                        "250", "--ramp-interval", "500ms", "--duration", "4s", "--out", f"json={self.result_file}")
            self.assertEqual(demo.count(), self.result()["load"]["started"])
        text = ended.stdout + ended.stderr
        self.assertIn(ended.returncode, ANSWERED, text)
        self.assertIn("adaptive: RAMP_UP 200/s: nothing is wrong", text)
        self.assertIn("adaptive: SUSTAIN 250/s: the highest rate is reached", text)
        self.assertEqual(self.gauge("tps")["last"], 250)
        self.assertEqual(self.gauge("phase")["last"], 2)
        # Two half seconds on the way, and a twentieth of a second until each change takes effect.
        self.assertAlmostEqual(self.result()["load"]["started"], 100 * 0.55 + 200 * 0.5 + 250 * 2.95, delta=40)

    def test_goes_down_where_the_target_cannot(self):
        with Demo("--error-rate", "0.5", "--seed", "3") as demo:
            ended = run("http", demo.url, "--adaptive", "--initial-tps", "200", "--min-tps", "20", "--ramp-decrement",
                        "100", "--ramp-interval", "500ms", "--duration", "3s", "--out", f"json={self.result_file}")
        self.assertIn("adaptive: RAMP_DOWN 100/s: errors", ended.stdout + ended.stderr)
        self.assertIn("adaptive: RECOVERY 20/s: errors", ended.stdout + ended.stderr)
        self.assertEqual(self.gauge("phase")["last"], 3)

    def test_bad_usage_is_2(self):
        for options in (["--max-tps", "4"], ["--adaptive", "--tps", "3"], ["--adaptive", "--initial-tps", "0.5"],
                        ["--adaptive", "--ramp-interval", "1ms"], ["--adaptive", "--latency-percentile", "99"],
                        ["--adaptive", "--error-threshold", "2"], ["--adaptive", "--stable-intervals", "0"],
                        ["--adaptive", "--users", "5"], ["--adaptive", "--latency-limit", "0s"]):
            with self.subTest(options=options):
                self.assert_usage_error("http", "http://127.0.0.1:1/", *options)
