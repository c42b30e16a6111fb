"""Short functions and files, and names that say something. Warnings: a reviewer decides."""

import re

from source import Finding

FUNCTION_LINES = 70
FILE_LINES = 600
VAGUE = re.compile(r"^\s*(?:class|struct)\s+(\w*(?:Manager|Helper|Util|Utils|Data|Info))\b[^;\n]*$", re.M)


def long_functions(source):
    """Relies on the layout that clang-format gives: a body closes at the indentation of the line that opened it."""
    opened = {}
    for number, line in enumerate(source.code.split("\n"), 1):
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        if re.match(r"\s*\}", line):
            # What opened further in has ended too: a constructor's initialisers stand deeper than its end.
            for deeper in [at for at in opened if at >= indent]:
                begin, text = opened.pop(deeper)
                if number - begin + 1 > FUNCTION_LINES:
                    yield Finding(begin, "length", f"{number - begin + 1} lines in one function: it is two ({text})", True)
        if re.search(r"\)\s*(const|noexcept|override|final|mutable|->[^{]*|\s)*\{\s*$", line) and indent not in opened:
            if not re.match(r"\s*(namespace|class|struct|enum|if|for|while|switch|else|\}|do|try|TEST|INSTANTIATE)", line):
                opened[indent] = (number, line.strip()[:60])


def check(source):
    yield from long_functions(source)
    if len(source.lines) > FILE_LINES and not source.is_test:
        yield Finding(1, "length", f"{len(source.lines)} lines in one file: it has more than one idea", True)
    for found in VAGUE.finditer(source.code):
        yield Finding(source.line_of(found.start(1)), "name", f"{found.group(1)} says nothing: what is it?", True)
