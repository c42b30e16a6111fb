"""A source file as the checks see it: its text, the same with comments and strings blanked, and where it stands."""

import dataclasses
import functools
import re
import subprocess

FOLDERS = ("libs/", "protocols/", "exporters/", "apps/", "tests/", "examples/", "bench/")


@dataclasses.dataclass
class Finding:
    line: int
    rule: str
    message: str
    warning: bool = False

    def text(self):
        return f"{self.rule}: {self.message}"


class Source:
    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.split("\n")

    @functools.cached_property
    def code(self):
        """The text with comments, strings and characters replaced by blanks; offsets stay."""
        return TOKENS.sub(lambda m: m.group(0) if WORD.match(m.group(0)) else re.sub(r"[^\n]", " ", m.group(0)),
                          self.text)

    @property
    def is_header(self):
        return self.path.endswith(".hpp")

    @property
    def is_test(self):
        return self.path.endswith("_test.cpp") or self.path.startswith("tests/")

    @property
    def is_public(self):
        return "/include/vajrapulse/" in self.path

    @property
    def module(self):
        """libs/base/src/x.cpp → base, protocols/http/plan/src/x.cpp → http_plan; what is no module (apps, tests,
        examples) has none."""
        parts = self.path.split("/")
        if parts[0] == "protocols" and parts[2] == "plan":
            return parts[1] + "_plan"
        return parts[1] if parts[0] in ("libs", "protocols", "exporters") else None

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def allows(self, finding):
        """Said on the line itself or on the one above."""
        near = self.lines[max(finding.line - 2, 0):finding.line]
        return any(re.search(rf"// lint: allow {re.escape(finding.rule)}\b", line) for line in near)


# A digit separator (10'000) is no character literal: it follows a digit.
TOKENS = re.compile(
    r"//[^\n]*|/\*.*?\*/"
    r"|R\"([^(\s]*)\(.*?\)\1\""
    r"|\"(?:\\.|[^\"\\\n])*\""
    r"|[0-9a-zA-Z_][0-9a-zA-Z_']*"
    r"|'(?:\\.|[^'\\\n])+'",
    re.S)
WORD = re.compile(r"[0-9a-zA-Z_](?!\")")


def tracked_sources():
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.cpp", "*.hpp"], capture_output=True,
                           text=True, check=True).stdout.split("\n")
    sources = []
    for name in sorted(filter(None, names)):
        if not name.startswith(FOLDERS):
            continue
        try:
            with open(name, encoding="utf-8") as file:
                sources.append(Source(name, file.read()))
        except FileNotFoundError:
            pass  # deleted, not yet committed
    return sources
