"""What GCC 12 miscompiles around co_await: temporaries that live across the suspension.

 - braces or a lambda inside the awaited expression: give them a name on the line before
 - co_await inside an initialiser list
 - co_await in a branch of ?:
 - a lambda coroutine with captures: its frame points to the lambda object, which is often gone when it resumes
"""

import re

from source import Finding

OPEN, CLOSE = "([{", ")]}"


def operand_end(code, begin):
    """Where the awaited expression ends: at its statement's end, or where the bracket around it closes."""
    depth = 0
    for i in range(begin, len(code)):
        c = code[i]
        if c in OPEN:
            if c == "{" and depth == 0 and re.search(r"\)\s*$", code[begin:i]) and not code[begin:i].count("["):
                return i  # the block of `if (…) {` cannot come here, but `for (…) co_await x {` does not exist either
            depth += 1
        elif c in CLOSE:
            depth -= 1
            if depth < 0:
                return i
        elif depth == 0 and c in ";,":
            return i
    return len(code)


def statement_begin(code, begin):
    """Back to the end of the statement before, over balanced brackets; opening ones on the way are stepped over."""
    depth = 0
    for i in range(begin - 1, -1, -1):
        c = code[i]
        if c in ")]}":
            if c == "}" and depth == 0:
                return i + 1
            depth += 1
        elif c in OPEN:
            if depth == 0 and c == "{" and not is_initialiser(code, i):
                return i + 1
            depth = max(depth - 1, 0)
        elif c == ";" and depth == 0:
            return i + 1
    return 0


def is_initialiser(code, brace):
    """Whether this { begins a list of values rather than a block."""
    before = code[max(0, brace - 400):brace].rstrip()
    if re.search(r"(=|\(|,|\{|\breturn|\bco_return|\bco_yield|\?|:)$", before) and not before.endswith("::"):
        return not re.search(r"\b(public|private|protected|case [^:;]*|default)\s*:$|\w+\s*:$", before)
    if not re.search(r"[\w>]$", before):
        return False
    if re.search(r"\b(else|do|try|const|noexcept|override|final|mutable)$", before):
        return False
    statement = re.split(r"[;{}]", before)[-1]
    if "->" in statement and ")" in statement:
        return False  # a trailing return type
    return not re.search(r"\b(namespace|class|struct|enum|union|requires|concept)\b", statement)


def inside_initialiser(code, position):
    depth = 0
    for i in range(position - 1, -1, -1):
        c = code[i]
        if c in CLOSE:
            depth += 1
        elif c in OPEN:
            if depth:
                depth -= 1
            elif c == "{":
                return is_initialiser(code, i)
        elif c == ";" and depth == 0:
            return False
    return False


# The awaiter itself, made of plain names: `co_await SleepAwaiter{*this, due}` has nothing to destroy twice.
PLAIN_AWAITER = re.compile(r"^\s*[\w:<>]+\{[\w\s,.*&]*\}\s*$")
LAMBDA = re.compile(r"\[[^\[\]]*\]\s*(\([^()]*(\([^()]*\)[^()]*)*\))?\s*(mutable|noexcept|\s)*(->[^{;]*)?\{")
LAMBDA_COROUTINE = re.compile(r"\[([^\[\]]+)\]\s*(\([^()]*(\([^()]*\)[^()]*)*\))?\s*(mutable)?\s*->\s*[\w:]*Co<[^{;]*\{")


def check(source):
    code = source.code
    for found in re.finditer(r"\bco_await\b", code):
        line = source.line_of(found.start())
        if re.search(r"operator\s*$", code[:found.start()]):
            continue
        operand = code[found.end():operand_end(code, found.end())]
        before = code[statement_begin(code, found.start()):found.start()]
        if LAMBDA.search(operand):
            yield Finding(line, "co-await-lambda", "name the lambda on the line before")
        elif re.search(r"\{", operand) and not PLAIN_AWAITER.match(operand):
            yield Finding(line, "co-await-braces", "name the aggregate on the line before")
        if re.search(r"(?<!\?)\?(?!\?)", before) or re.search(r"\?[^:]*:", operand):
            yield Finding(line, "co-await-ternary", "write if and else")
        if inside_initialiser(code, found.start()):
            yield Finding(line, "co-await-in-list", "await into a named local, then build the list")
    if not source.is_test:
        for found in LAMBDA_COROUTINE.finditer(code):
            yield Finding(source.line_of(found.start()), "lambda-coroutine",
                          "captures die with the lambda, not with the frame: pass them as parameters")
