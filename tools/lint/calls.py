"""Time, randomness, environment and output reach code as arguments; only runtime and the composition roots reach out."""

import re

from source import Finding

ROOTS = ("libs/runtime/", "libs/app/", "apps/", "bench/", "examples/")

OUTSIDE_ROOTS = [
    ("clock", r"\b(steady_clock|system_clock|high_resolution_clock)::now\b|\bclock_gettime\s*\(",
     "take a Clock (or the reactor's now) as an argument"),
    ("environment", r"\b(secure_)?getenv\s*\(", "read the environment in the composition root and hand it in"),
    ("output", r"\bstd::(cout|cerr|clog)\b|\b(std::)?f?printf\s*\(|\bfmt::print\s*\(",
     "write to the stream or sink that was handed in"),
    ("random", r"\bstd::(random_device|mt19937|rand)\b", "use vajrapulse::Random, seeded by the caller"),
]
EVERYWHERE = [
    ("sleep", r"\bthis_thread::sleep_(for|until)\b|\b(u|nano)sleep\s*\(",
     "co_await reactor.sleep_until, or wait for what you wait for"),
]


def check(source):
    rules = list(EVERYWHERE) if not source.path.startswith("bench/") else []
    if not source.path.startswith((*ROOTS, "tests/")) and not source.path.endswith("_bench.cpp"):
        rules += OUTSIDE_ROOTS
    for rule, pattern, cure in rules:
        for found in re.finditer(pattern, source.code):
            yield Finding(source.line_of(found.start()), rule, f"{found.group(0).strip()}: {cure}")
