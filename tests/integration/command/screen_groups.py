"""What a person sees: the live view on a terminal, plain lines elsewhere, colours."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import tempfile
import termios

from harness import STEP_LIMIT_S, CommandTest, Demo, command_line, eventually, run

COLUMNS = 100
REDRAW = re.compile(r"\x1b\[(\d+)A\x1b\[J")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Terminal:
    """The command on a pseudo-terminal of 100 columns, its controlling one."""

    def __init__(self, *arguments, **environment):
        self.screen, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
        os.set_blocking(self.screen, False)
        self.mode = self.line_mode()
        variables = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
        self.process = subprocess.Popen(
            command_line(*arguments), stdin=inner, stdout=inner, stderr=inner, start_new_session=True,
            env=variables | {"TERM": "xterm-256color"} | environment,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(inner)
        self._bytes = b""
        self._open = True

    def line_mode(self):
        """Whether it takes whole lines and echoes what is typed."""
        return termios.tcgetattr(self.screen)[3] & (termios.ICANON | termios.ECHO)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.screen)

    @property
    def text(self):
        return self._bytes.decode(errors="replace")

    def take(self):
        """What was written since, into `text`; False once the other end is closed."""
        try:
            while self._open and (piece := os.read(self.screen, 65536)):
                self._bytes += piece
        except BlockingIOError:
            pass
        except OSError:  # EIO: nobody has the terminal open any more
            self._open = False
        return self._open

    def wait_for(self, pattern):
        eventually(lambda: self.take() and re.search(pattern, self.text), f"{pattern} on the screen")

    def type(self, keys):
        os.write(self.screen, keys)

    def end(self):
        """Waits for the end; the exit code."""
        eventually(lambda: not self.take(), "the command closes its terminal")
        return self.process.wait(STEP_LIMIT_S)


def frames(text):
    """The drawings that were each erased by the next, without colours."""
    return [COLOUR.sub("", text[begin:end]) for begin, end in zip(
        [0] + [m.end() for m in REDRAW.finditer(text)], [m.start() for m in REDRAW.finditer(text)])]


def shown_at_the_end(text):
    """What remains on the screen: a terminal that knows newline, cursor up, erase below, and colours."""
    lines = [""]
    row = 0
    for token in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|\n|[^\x1b\r\n]+", text):
        if token == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif move := re.fullmatch(r"\x1b\[(\d+)A", token):
            row = max(row - int(move.group(1)), 0)
        elif token == "\x1b[J":
            lines[row:] = [""]
        elif not COLOUR.fullmatch(token):
            assert not token.startswith("\x1b"), f"unknown to this terminal: {token!r}"
            lines[row] += token
    return "\n".join(lines)


class LiveView(CommandTest):
    def watch(self, *options, **environment):
        """The text of a run of 1.5 s."""
        with Demo() as demo, Terminal("http", demo.url, "--tps", "100", "--duration", "1500ms", *options,
                                      **environment) as terminal:
            self.assertIn(terminal.end(), (0, 98), terminal.text)
            return terminal.text

    def test_redraws_in_place_and_shows_how_it_goes(self):
        drawn = [frame for frame in frames(self.watch()) if "  measure " in frame]
        self.assertGreaterEqual(len(drawn), 2)
        for frame in drawn[1:]:  # at the first there is nothing to tell yet
            for word in ("100/s for 1.5", "left", "target 100/s", "actual", "p50", "p99", "in flight", "queued",
                         "errors"):
                self.assertIn(word, frame)
        self.assertRegex(drawn[1], "▏ 1 s, .* left")

    def test_gives_way_to_the_summary(self):
        text = self.watch()
        remains = shown_at_the_end(text)
        self.assertEqual(remains.count("100/s for 1.5"), 1, remains)  # the view's title is gone, the summary's is there
        self.assertNotIn("  measure ", remains)
        self.assertRegex(remains.strip().splitlines()[0], r"^(VALID|DEGRADED|INVALID) ")
        self.assertIn("response time", remains)
        self.assertLess(text.rindex("in flight"), text.rindex("response time"))

    def test_never_writes_beyond_the_last_column(self):
        text = self.watch("-H", "x-long: " + "y" * 200)
        for frame in [*frames(text), shown_at_the_end(text)]:
            self.assertLessEqual(max(map(len, frame.splitlines())), COLUMNS, frame)

    def test_shows_the_warm_up_and_the_drain(self):
        with Demo() as demo, Terminal("http", demo.url + "/delay/1200ms", "--tps", "20", "--warmup", "1s",
                                      "--duration", "1s") as terminal:
            self.assertIn(terminal.end(), (0, 98), terminal.text)
        phases = [next((p for p in ("warm-up", "measure", "drain") if re.search(rf"(?m)^  {p} ", frame)), None)
                  for frame in frames(terminal.text)]
        seen = list(dict.fromkeys(phase for phase in phases if phase))
        self.assertEqual(seen, ["warm-up", "measure", "drain"])

    def test_names_the_errors_by_kind(self):
        with Demo("--error-rate", "0.5") as demo, Terminal("http", demo.url, "--tps", "100", "--duration",
                                                           "1500ms") as terminal:
            self.assertIn(terminal.end(), (0, 98))
        self.assertTrue(any(re.search(r"errors +status-500 [1-9]", frame)
                            for frame in frames(terminal.text)), frames(terminal.text)[-1])

    def test_ctrl_c_on_the_keyboard_ends_it_with_a_summary(self):
        with Demo() as demo, Terminal("http", demo.url, "--tps", "100", "--duration", "60s") as terminal:
            terminal.wait_for("measure")
            demo.wait_for(5)
            terminal.type(b"\x03")
            self.assertEqual(terminal.end(), 128 + signal.SIGINT)
        self.assertIn("interrupted before its end", shown_at_the_end(terminal.text))

    def test_has_colours_unless_they_are_refused(self):
        self.assertRegex(self.watch(), COLOUR)
        self.assertRegex(self.watch(NO_COLOR=""), COLOUR, "empty counts as not set (no-color.org)")
        for refused in (self.watch("--no-color"), self.watch(NO_COLOR="1")):
            self.assertNotRegex(refused, COLOUR)
            self.assertRegex(refused, REDRAW)

    def test_is_left_out_by_quiet_and_on_a_dumb_terminal(self):
        self.assertNotRegex(self.watch("--quiet"), REDRAW)
        self.assertNotRegex(self.watch(TERM="dumb"), r"\x1b\[\d+[AJ]")


class Keys(CommandTest):
    """What a run is told by keys; the controls stand in its result file."""

    def steer(self, keys, *options):
        """Types each key once what it waits for is on the screen; the terminal after the end, and the result."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "steered.json")
        with Demo() as demo, Terminal("http", demo.url, "--out", f"json={path}", *options) as terminal:
            demo.wait_for(5)
            for shown, key in keys:
                terminal.wait_for(shown)
                terminal.type(key)
            self.assertIn(terminal.end(), (0, 98), terminal.text)
            self.assertEqual(terminal.line_mode(), terminal.mode, "line mode and echo are back")
        with open(path, encoding="utf-8") as file:
            result = json.load(file)
        return terminal.text, result, [event["action"] for event in result["controls"]]

    def test_pause_shifts_the_end_and_keeps_the_target(self):
        text, result, controls = self.steer([("measure", b"p"), ("PAUSED", b"p")], "--tps", "100", "--duration", "2s")
        self.assertEqual(controls, ["pause", "resume"])
        self.assertEqual(result["load"]["target"], 200)
        paused = result["controls"][1]["t"] - result["controls"][0]["t"]
        self.assertAlmostEqual(result["run"]["duration_s"], 2 + paused, delta=0.001)
        self.assertIn("steered: pause at", shown_at_the_end(text))

    def test_rate_up_down_and_as_planned(self):
        _, result, controls = self.steer(
            [("measure", b"+"), ("rate ×1.1", b"+"), ("rate ×1.21", b"0")], "--tps", "100", "--duration", "4s")
        self.assertEqual(controls, ["rate x1.1", "rate x1.21", "rate auto"])
        self.assertGreater(result["load"]["target"], 400)

    def test_stop_is_an_end_and_no_interruption(self):
        text, result, controls = self.steer([("measure", b"q")], "--tps", "100", "--duration", "60s")
        self.assertEqual(controls, ["stop"])
        self.assertLess(result["run"]["duration_s"], 60)
        self.assertNotIn("interrupted before its end", text)

    def test_users_come_and_go(self):
        text, result, controls = self.steer(
            [("measure", b"+"), ("6 users", b"0"), ("(?s)6 users.*errors[^6]*keys", b"q")], "--users", "5",
            "--duration", "60s")
        self.assertEqual(controls, ["users 6", "users auto", "stop"])
        self.assertIn("p pause/resume · + - users · 0 as planned · q stop", text)
        self.assertEqual(result["load"]["max_in_flight"], 6)

    def test_whatever_ends_it_the_terminal_is_as_it_was(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGSEGV):
            with self.subTest(number.name), Demo() as demo, Terminal(
                    "http", demo.url, "--tps", "100", "--duration", "60s") as terminal:
                terminal.wait_for("measure")
                self.assertNotEqual(terminal.line_mode(), terminal.mode, "keys come one by one")
                terminal.process.send_signal(number)
                ended = terminal.end()
                self.assertIn(ended, (128 + number, -number), terminal.text)
                self.assertEqual(terminal.line_mode(), terminal.mode)

    def test_halted_it_gives_the_terminal_back_and_takes_it_again(self):
        with Demo() as demo, Terminal("http", demo.url, "--tps", "100", "--duration", "60s") as terminal:
            terminal.wait_for("measure")
            keys = terminal.line_mode()
            # A session of its own has no shell that would continue it, and the kernel then drops Ctrl-Z: SIGTSTP by
            # name finds the handler all the same.
            terminal.process.send_signal(signal.SIGTSTP)
            eventually(lambda: terminal.line_mode() == terminal.mode, "line mode is back")
            terminal.process.send_signal(signal.SIGCONT)
            eventually(lambda: terminal.line_mode() == keys, "keys come one by one again")
            terminal.type(b"q")
            self.assertIn(terminal.end(), (0, 98), terminal.text)

    def test_others_mean_nothing(self):
        _, result, controls = self.steer([("measure", b"zx\x1b[A")], "--tps", "100", "--duration", "1500ms")
        self.assertEqual((controls, result["load"]["target"]), ([], 150))


class PlainLines(CommandTest):
    def test_tell_every_second_when_there_is_no_terminal(self):
        with Demo() as demo:
            ended = run("http", demo.url, "--tps", "100", "--duration", "3500ms", "--warmup", "1s")
        self.assertNotIn("\x1b", ended.stdout + ended.stderr)
        lines = [line for line in ended.stdout.splitlines() if re.search("^ +-?[0-9.]+ m?s  (warm-up|measure)", line)]
        told = [re.match(r" +(\S+ \S+)  (\S+)", line).groups() for line in lines]
        self.assertEqual([each for each in told if each[1] == "measure"],
                         [("1 s", "measure"), ("2 s", "measure"), ("3 s", "measure")])
        self.assertIn("warm-up", {phase for _, phase in told})
        for line in lines:
            if "measure" in line:
                self.assertRegex(line, r"target 100/s +actual .* in-flight \d+ .*p50 .*p99 ")
        self.assertLess(ended.stdout.index(lines[-1]), ended.stdout.index("response time"))

    def test_are_left_out_by_quiet(self):
        with Demo() as demo:
            ended = run("http", demo.url, "--tps", "100", "--duration", "1500ms", "--quiet")
        self.assertNotIn("actual", ended.stdout)
        self.assertRegex(ended.stdout.strip(), r"^(VALID|DEGRADED|INVALID) ")

    def test_and_the_summary_go_to_standard_error_when_the_result_goes_to_standard_output(self):
        with Demo() as demo:
            ended = run("http", demo.url, "--tps", "100", "--duration", "1500ms", "--out", "json=-")
        self.assertTrue(ended.stdout.startswith("{"))
        self.assertIn("target 100/s", ended.stderr)
        self.assertIn("response time", ended.stderr)
