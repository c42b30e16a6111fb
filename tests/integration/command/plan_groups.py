"""Plans: the examples, what comes out of them, and the exit code that follows."""

import json
import pathlib
import signal
import xml.etree.ElementTree

from harness import ANSWERED, CommandTest, Demo, eventually, run, started

EXAMPLES = pathlib.Path(__file__).resolve().parents[3] / "examples" / "plans"
HELD, FAILED = 0, 99


class ExamplePlans(CommandTest):
    """Each runs against the demo server as its head says, and every assertion in it holds."""

    def check(self, name):
        with Demo() as demo:
            ended = run("run", EXAMPLES / name, "--var", f"base-url={demo.url}", "--out", "json=-", "--quiet")
        self.assertIn(ended.returncode, ANSWERED, ended.stderr)
        result = json.loads(ended.stdout)
        self.assertEqual(result["load"]["started"], result["load"]["completed"])
        # A host that takes the processor away may break a latency; nothing else may break.
        broken = [a for a in result["assertions"] if not a["passed"] and not a["text"].startswith("p9")]
        self.assertEqual(broken, [])
        self.assertEqual(result["load"]["failed"], 0, result["errors"])
        return result

    def test_first(self):
        self.assertEqual(self.check("01-first.yml")["load"]["target"], 60)

    def test_login_and_cart(self):
        names = {m["tags"].get("name") for m in self.check("02-login-and-cart.yml")["metrics"]}
        self.assertLessEqual({"POST /login", "POST /api/cart", "POST /api/orders"}, names)

    def test_stages(self):
        result = self.check("03-stages.yml")
        self.assertEqual([s["name"] for s in result["scenarios"]], ["warmup", "steady-state", "spike", "cooldown"])
        self.assertEqual(result["warmup"]["started"], 50)

    def test_weighted_tasks(self):
        self.assertEqual(self.check("04-weighted-tasks.yml")["load"]["target"], 120)

    def test_data_driven_ends_with_its_rows(self):
        self.assertEqual(self.check("05-data-driven.yml")["load"]["target"], 20)

    def test_cookies_and_forms(self):
        self.check("06-cookies-and-forms.yml")

    def test_assertions(self):
        self.check("07-assertions.yml")

    def test_limits_and_conditions(self):
        self.check("08-limits-and-conditions.yml")


class PlanRuns(CommandTest):
    PLAN = """
name: small
http: {{ base-url: "{url}" }}
tasks:
  one: [ {{ http: GET {path} }} ]
scenarios:
  - {{ name: steady, tps: 50, duration: 1s, task: one }}
assertions:
  - {assertion}
"""

    def plan(self, demo, path="/", assertion="dropped == 0"):
        file = pathlib.Path(self.folder, "plan.yml")
        file.write_text(self.PLAN.format(url=demo.url, path=path, assertion=assertion))
        return str(file)

    # The first that applies, from 2 to 0; INVALID (98) may come wherever 0 or 99 would.
    def test_the_exit_code_says_what_came_out(self):
        with Demo() as demo:
            held = run("run", self.plan(demo), "--quiet")
            failed = run("run", self.plan(demo, assertion="tps > 1000/s"), "--quiet")
            none = run("run", self.plan(demo, path="/status/500"), "--quiet")
            none_and_failed = run("run", self.plan(demo, "/status/500", "errors < 1%"), "--quiet")
            bad = run("run", self.plan(demo, assertion="erors < 1%"), "--quiet")
            unwritable = run("run", self.plan(demo, assertion="tps > 1000/s"), "--quiet", "--out", "json=/dev/full")
        self.assertIn(held.returncode, (HELD, 98))
        self.assertIn(failed.returncode, (FAILED, 98))
        self.assertIn("tps > 1000/s", failed.stdout)
        self.assertEqual(none.returncode, 1)
        self.assertEqual(none_and_failed.returncode, 1)
        self.assertEqual(bad.returncode, 2)
        self.assertIn("plan.yml:9:5", bad.stderr)
        self.assertEqual(unwritable.returncode, 1)

    def test_an_interrupt_comes_before_a_failed_assertion(self):
        with Demo() as demo:
            plan = self.plan(demo, assertion="tps > 1000/s")
            with started("run", plan, "--set", "scenarios.steady.duration=20s", "--quiet") as process:
                demo.wait_for(20)
                process.send_signal(signal.SIGINT)
                self.assertEqual(process.wait(20), 130)

    def test_junit_says_what_failed(self):
        junit = pathlib.Path(self.folder, "junit.xml")
        with Demo() as demo:
            run("run", self.plan(demo, assertion="tps > 1000/s"), "--quiet", "--out", f"junit={junit}")
        suites = xml.etree.ElementTree.parse(junit).getroot()
        self.assertEqual(len(suites.findall(".//failure")), 1)
        self.assertEqual(suites.find(".//testcase").get("name"), "tps > 1000/s")

    def test_a_secret_is_in_no_output(self):
        file = pathlib.Path(self.folder, "secret.yml")
        with Demo() as demo:
            file.write_text(f"""
secrets: {{ KEY: {{ env: THE_KEY }} }}
tasks:
  one:
    - log: "key {{{{secret.KEY}}}}"
    - http: GET {demo.url}/status/500?key={{{{secret.KEY}}}}
      headers: {{ x-key: "{{{{secret.KEY}}}}" }}
      expect: {{ header: {{ x-answer: "{{{{secret.KEY}}}}" }} }}
scenarios:
  - {{ name: steady, tps: 20, duration: 500ms, task: one }}
assertions: [ errors < 1% ]
""")
            result = pathlib.Path(self.folder, "result.json")
            junit = pathlib.Path(self.folder, "junit.xml")
            environment = {"THE_KEY": "sesame-open-42", "PATH": "/usr/bin:/bin"}
            ended = run("run", str(file), "--out", f"json={result}", "--out", f"junit={junit}", env=environment)
            shown = run("config", "show", str(file), env=environment)
        self.assertEqual(ended.returncode, 1, ended.stderr)
        self.assertIn("***", ended.stdout)
        for text in (ended.stdout, ended.stderr, result.read_text(), junit.read_text(), shown.stdout):
            self.assertNotIn("sesame", text)

    def test_a_stop_of_one_scenario_begins_the_next(self):
        file = pathlib.Path(self.folder, "two.yml")
        with Demo() as demo:
            file.write_text(f"""
data: {{ rows: {{ rows: [{{ n: 1 }}, {{ n: 2 }}, {{ n: 3 }}], pick: unique }} }}
tasks:
  few: [ {{ http: "GET {demo.url}/?n={{{{rows.n}}}}" }} ]
  more: [ {{ http: "GET {demo.url}/" }} ]
scenarios:
  - {{ name: rows, tps: 20, duration: 20s, task: few }}
  - {{ name: then, tps: 20, duration: 500ms, task: more }}
""")
            ended = run("run", str(file), "--quiet", "--out", "json=-")
        result = json.loads(ended.stdout)
        self.assertEqual([s["counts"]["target"] for s in result["scenarios"]], [3, 10])


class SavedPlans(CommandTest):
    """`http … --save-plan` writes a plan that does the same."""

    def test_sends_what_the_command_would_have_sent(self):
        plan = str(pathlib.Path(self.folder, "saved.yml"))
        with Demo() as demo:
            saved = run("http", demo.url + "/", demo.url + "/echo", "-X", "POST", "-H", "x-note: a {{b}} ${c}",
                        "-d", 'say "{{hello}}" \\ ${you}', "--load", "ramp 0..100/s 1s", "--seed", "7",
                        "--timeout", "3s", "--save-plan", plan)
            self.assertEqual(saved.returncode, 0, saved.stderr)
            self.assertEqual(demo.stats()["requests"], 1)  # that of the stats: nothing else was sent
            ended = run("run", plan, "--quiet", "--out", "json=-")
            self.assertIn(ended.returncode, ANSWERED, ended.stderr)
            self.assertEqual([demo.count("/"), demo.count("/echo")], [25, 25])
        result = json.loads(ended.stdout)
        self.assertEqual(result["load"]["target"], 50)
        self.assertEqual(result["run"]["seed"], 7)
        self.assertEqual(result["load"]["failed"], 0, result["errors"])

    def test_is_read_again_whatever_stood_on_the_command_line(self):
        cases = [
            ("--tps", "10", "--duration", "1s", "--warmup", "1s", "--cooldown", "1s", "--arrivals", "poisson"),
            ("--tps", "10", "--iterations", "5", "--max-in-flight", "3", "--on-limit", "drop", "--slack", "1ms"),
            ("--users", "2..4", "--ramp-users", "1s", "--duration", "2s", "--think", "1ms..2ms"),
            ("--users", "2", "--pacing", "100ms", "--duration", "1s", "--drain-timeout", "1s", "--force-timeout", "2s"),
            ("--duration", "1s", "--connections", "2", "--no-keepalive", "--redirects", "3", "--compressed"),
            ("--load", "sine 10/s ± 5 period 1s for 2s", "--fail-on", "status >= 500", "--insecure", "--shards", "2"),
            ("--pattern", "spike", "--base-rate", "10", "--spike-rate", "50", "--duration", "1s", "--out", "junit=x.xml"),
            ("--resolve", "example.org:443:127.0.0.1", "--tps", "1"),
        ]
        plan = str(pathlib.Path(self.folder, "saved.yml"))
        for flags in cases:
            with self.subTest(flags=flags):
                saved = run("http", "https://example.org/", *flags, "--save-plan", plan)
                self.assertEqual(saved.returncode, 0, saved.stderr)
                checked = run("validate", plan)
                self.assertEqual(checked.returncode, 0, checked.stderr + pathlib.Path(plan).read_text())

    def test_says_what_a_plan_cannot_say(self):
        for flags in (("--adaptive",), ("-d", "@-"), ("--io", "epoll")):
            with self.subTest(flags=flags):
                self.assert_usage_error("http", "http://127.0.0.1:1/", *flags, "--save-plan", "-")
