#!/usr/bin/env python3
"""A gate that cannot fail is no gate: every rule is shown code that breaks it, and code that does not."""

import sys

import calls
import coroutines
import includes
import shape
from source import Source

# (rule, path, code): the rule must find something here …
BROKEN = [
    ("layers", "libs/metrics/src/a.cpp", '#include "vajrapulse/engine/run.hpp"\n'),
    ("layers", "protocols/http/src/a.cpp", '#include "vajrapulse/engine/run.hpp"\n'),
    ("third-party", "libs/runtime/include/vajrapulse/runtime/a.hpp", "#pragma once\n#include <openssl/ssl.h>\n"),
    ("pragma-once", "libs/base/include/vajrapulse/base/a.hpp", "int x;\n"),
    ("clock", "libs/engine/src/a.cpp", "auto t = std::chrono::steady_clock::now();\n"),
    ("sleep", "tests/integration/a_test.cpp", "std::this_thread::sleep_for(1ms);\n"),
    ("environment", "libs/report/src/a.cpp", 'auto* v = std::getenv("X");\n'),
    ("output", "libs/report/src/a.cpp", 'std::cout << "x";\n'),
    ("random", "libs/engine/src/a.cpp", "std::mt19937 twister;\n"),
    ("co-await-lambda", "libs/a/src/a.cpp", "void f() {\n  co_await run([&](int x) { return x; });\n}\n"),
    ("co-await-lambda", "libs/a/src/a.cpp", "void f() {\n  auto x = co_await run([this] { return 1; });\n}\n"),
    ("co-await-braces", "libs/a/src/a.cpp", "void f() {\n  co_await connect(Address{1, 2});\n}\n"),
    ("co-await-braces", "libs/a/src/a.cpp", "void f() {\n  co_await connect({.port = 1});\n}\n"),
    ("co-await-ternary", "libs/a/src/a.cpp", "void f() {\n  auto x = b ? co_await g() : 0;\n}\n"),
    ("co-await-in-list", "libs/a/src/a.cpp", "void f() {\n  Point p{co_await g(), 2};\n}\n"),
    ("co-await-in-list", "libs/a/src/a.cpp", "void f() {\n  auto p = Point{.x = co_await g()};\n}\n"),
    ("lambda-coroutine", "libs/a/src/a.cpp", "auto f = [x]() -> Co<void> { co_return; };\n"),
    ("length", "libs/a/src/a.cpp", "void f() {\n" + "  g();\n" * 80 + "}\n"),
    ("length", "libs/a/src/a.cpp", "A::A(int x)\n    : x_(x), y_(f(x)) {\n" + "  g();\n" * 80 + "}\n"),
    ("name", "libs/a/src/a.cpp", "class RunManager {\n};\n"),
]
# … and no rule anything here.
SOUND = [
    ("libs/engine/src/a.cpp", '#include "vajrapulse/metrics/recorder.hpp"\n'),
    ("libs/runtime/src/a.cpp", "auto t = std::chrono::steady_clock::now();\n"),
    ("libs/engine/src/a.cpp", '// steady_clock::now is not for us\nauto s = "std::cout <<";\nint n = 10\'000;\n'),
    ("libs/engine/src/a.cpp", "void f() {\n  co_await reactor.sleep_until(due);\n}\n"),
    ("libs/engine/src/a.cpp", "void f() {\n  co_await WaitAwaiter{*this, due};\n}\n"),
    ("libs/engine/src/a.cpp", "Co<void> f() {\n  if (x) {\n    co_await g();\n  }\n}\n"),
    ("libs/engine/src/a.cpp", "Co<void> f() {\n  if (co_await g()) {\n    h();\n  }\n}\n"),
    ("libs/engine/src/a.cpp", "Co<void> f() {\n  if (auto r = co_await g(); !r) {\n    h({1, 2});\n  }\n}\n"),
    ("libs/engine/src/a.cpp", "Co<void> f() {\n  for (;;) {\n    auto [r, d] = co_await stream.receive();\n  }\n}\n"),
    ("libs/engine/src/a.cpp", "auto x = b ? 1 : 2;\nCo<void> f() {\n  co_await g();\n}\n"),
    ("libs/engine/src/a.cpp", "auto f = [](Co<void> owned) -> Detached { co_await owned; };\n"),
    ("libs/engine/src/a.cpp", "struct A {\n  Co<void> f() {\n    while (true) co_await g();\n  }\n};\n"),
    ("libs/engine/src/a.cpp", "Co<void> f() {\n  switch (x) {\n    case 1:\n      co_await g();\n  }\n}\n"),
]
CHECKS = (includes.check, calls.check, coroutines.check, shape.check)


def findings(path, code):
    return {finding.rule for check in CHECKS for finding in check(Source(path, code))}


def main():
    failed = []
    for rule, path, code in BROKEN:
        if rule not in findings(path, code):
            failed.append(f"{rule} does not see: {code!r}")
    for path, code in SOUND:
        if findings(path, code):
            failed.append(f"{findings(path, code)} found in sound code: {code!r}")
    for line in failed:
        print(f"error: {line}")
    print(f"  {len(BROKEN)} broken and {len(SOUND)} sound samples, {len(failed)} judged wrongly")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
