#!/usr/bin/env python3
"""Every code block of the documents is true: it compiles, runs or parses, and links lead somewhere.

  ```sh      each line runs against a demo server (http://127.0.0.1:8080 becomes its address, durations one second);
             a line may end in `# exits N`. Lines that start with ./dev, git or sudo are CI itself: the name must exist
  ```cpp     compiles as it stands (a block without #include gets those of the umbrella header and the HTTP client)
  ```cmake   stands, line for line, in the project that tests/consumer builds
  ```yaml    with words behind it: is written to the file that they name first, and `vajrapulse validate WORDS` agrees
             (# exits 2: a plan that is wrong). Without words, or with `# part` behind the file: keys of a plan, or
             steps, that are right within a small one. Minutes become seconds. sh blocks may run what was written
  ```csv     the same, without validation: data for plans
  ```json    parses
  ```text    is for people; with a command behind it: what that prints, but for the number of blanks

docs/plan-reference.md is what `vajrapulse schema --format markdown` prints; --update writes it.
"""

import argparse
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```(\S*)[ \t]*([^\n]*)\n(.*?)^```\s*$", re.M | re.S)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
REFERENCE = "docs/plan-reference.md"
# What stands around a part of a plan: the names that parts use.
AROUND = """
variables: { base-url: "http://127.0.0.1:8080" }
http: { base-url: "{{base-url}}" }
data: { users: { rows: [{ username: ann, password: secret-ann }] } }
tasks: { hello: [{ http: GET / }] }
scenarios: [{ name: steady-state, tps: 10, duration: 1s, task: hello }]
"""
PRELUDE = "#include <vajrapulse/vajrapulse.hpp>\n#include <vajrapulse/http/client.hpp>\n"


class Documents:
    def __init__(self, build):
        self.root = os.getcwd()
        self.build = os.path.abspath(build)
        self.program = os.path.join(self.build, "apps/vajrapulse/vajrapulse")
        self.errors = []
        self.blocks = 0

    def check(self, path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for link in LINK.finditer(text):
            target = os.path.join(os.path.dirname(path), link.group(1))
            if not os.path.exists(target):
                self.error(path, text, link.start(), f"the link leads nowhere: {link.group(1)}")
        for block in BLOCK.finditer(text):
            self.blocks += 1
            language, self.words, body = block.groups()
            check = getattr(self, "check_" + (language or "none"), None)
            if check is None:
                problem = f"a block of '{language}': sh, yaml, csv, cpp, cmake, json or text"
            else:
                problem = check(body)
            if problem:
                self.error(path, text, block.start(), problem)

    def error(self, path, text, offset, problem):
        self.errors.append(f"{path}:{text.count(chr(10), 0, offset) + 1}: {problem}")

    def check_text(self, body):
        if not self.words:
            return None
        answer = self.bash(self.words, BASE_URL=None)
        printed = (answer.stdout + answer.stderr).replace(self.url, "http://127.0.0.1:8080")
        if re.sub(" +", " ", printed).strip() != re.sub(" +", " ", body).strip():
            return f"{self.words} prints otherwise:\n{printed}"
        return None

    def check_yaml(self, body):
        words = self.words
        if words and not words.endswith("# part"):
            self.write(words.split()[0], body)
            return self.run_line("vajrapulse validate " + words)
        name = words.split()[0] if words else "part.yml"
        if re.match(r"(\s*#.*\n)*- ", body):
            body = "tasks:\n  part:\n" + re.sub(r"(?m)^", "    ", body)
        self.write(name, body)
        self.write("around.yml", AROUND)
        self.write("whole.yml", f"extends: [ around.yml, {name} ]\n")
        return self.run_line("vajrapulse validate whole.yml")

    def check_csv(self, body):
        if not self.words:
            return "a csv block needs the name of a file: ```csv users.csv"
        self.write(self.words, body)
        return None

    def write(self, name, body):
        body = body.replace("http://127.0.0.1:8080", self.url)
        body = re.sub(r"\b([0-9]+)m\b(?!s)", "1s", body)
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(body)

    def check_json(self, body):
        try:
            json.loads(body)
        except ValueError as error:
            return f"no JSON: {error}"
        return None

    def check_cmake(self, body):
        with open("tests/consumer/project/CMakeLists.txt", encoding="utf-8") as file:
            real = {line.strip() for line in file}
        for line in filter(None, (line.strip() for line in body.split("\n"))):
            if line not in real and not line.startswith("#"):
                return f"not in tests/consumer/project/CMakeLists.txt: {line}"
        return None

    def check_cpp(self, body):
        includes = [f"-I{folder}" for folder in glob.glob("libs/*/include") + glob.glob("protocols/*/include") +
                    glob.glob("exporters/*/include")]
        code = body if "#include" in body else PRELUDE + body
        answer = subprocess.run(["g++", "-std=c++23", "-fsyntax-only", "-Wall", "-Wextra", "-Wno-missing-field-initializers",
                                 *includes, "-x", "c++", "-"], input=code, capture_output=True, text=True, check=False)
        return None if answer.returncode == 0 else "does not compile:\n" + answer.stderr[:2000]

    def check_sh(self, body):
        for line in re.sub(r"\\\n\s*", " ", body).split("\n"):
            problem = self.run_line(line.strip())
            if problem:
                return problem
        return None

    def run_line(self, line):
        if not line or line.startswith("#") or re.match(r"(git|cd|sudo) ", line):
            return None
        dev = re.match(r"\./dev (\w+)", line)
        if dev:
            usage = subprocess.run(["./dev", "help"], capture_output=True, text=True, check=True).stdout
            return None if re.search(rf"^  {dev.group(1)}\b", usage, re.M) else f"no such command: {line}"
        expected = int((re.search(r"# exits (\d+)", line) or [0, "0"])[1])
        answer = self.bash(self.quick(line))
        # 98 is the verdict on a busy machine, which comes before 99: the command itself was right.
        if answer.returncode != expected and not (expected in (0, 99) and answer.returncode == 98):
            return f"exit {answer.returncode}, not {expected}: {line}\n{answer.stdout[-1500:]}{answer.stderr[-1500:]}"
        return None

    def bash(self, line, **changes):
        there = {**os.environ, "BASE_URL": self.url, "PATH": f"{os.path.dirname(self.program)}:{os.environ['PATH']}",
                 **changes}
        return subprocess.run(["bash", "-euo", "pipefail", "-c", line], cwd=self.folder, timeout=120,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                              env={name: value for name, value in there.items() if value is not None})

    def quick(self, line):
        """The same command against the server that is there, in a second."""
        line = line.replace("http://127.0.0.1:8080", self.url)
        line = re.sub(r"--duration [0-9.]+(s|m|h)\b", "--duration 1s", line)
        line = re.sub(r"--warmup [0-9.]+s\b", "--warmup 200ms", line)
        return re.sub(r"(--load '[^']*')", lambda m: re.sub(r" [0-9.]+(s|m)\b", " 500ms", m.group(1)), line)

    def check_reference(self, update):
        page = subprocess.run([self.program, "schema", "--format", "markdown"], capture_output=True, text=True,
                              check=True).stdout
        if update:
            with open(REFERENCE, "w", encoding="utf-8") as file:
                file.write(page)
        with open(REFERENCE, encoding="utf-8") as file:
            if file.read() != page:
                self.errors.append(f"{REFERENCE}:1: is not what the program says of itself; "
                                   "./dev docs --update writes it")

    def run(self, paths):
        with tempfile.TemporaryDirectory(prefix="vajrapulse-docs-") as self.folder:
            os.symlink(os.path.join(self.root, "examples"), os.path.join(self.folder, "examples"))
            server = subprocess.Popen([self.program, "demo-server", "--listen", "127.0.0.1:0"], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            try:
                self.url = next(found.group(0) for found in
                                (re.search(r"http://127\.0\.0\.1:\d+", line) for line in server.stdout) if found)
                for path in paths:
                    self.check(path)
            finally:
                server.terminate()
                server.wait(10)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--update", action="store_true", help=f"write {REFERENCE} anew")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    tracked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.md"], capture_output=True, text=True,
                             check=True).stdout.split()
    documents = Documents(options.build)
    if options.update or not options.files or REFERENCE in options.files:
        documents.check_reference(options.update)
    if options.update and not options.files:
        return 1 if documents.errors else 0
    documents.run(options.files or tracked)
    for line in documents.errors:
        print(f"error: {line}")
    print(f"  {len(options.files or tracked)} documents, {documents.blocks} code blocks, {len(documents.errors)} wrong")
    return 1 if documents.errors else 0


if __name__ == "__main__":
    sys.exit(main())
