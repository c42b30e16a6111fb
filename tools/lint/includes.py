"""A layer includes only what lies below it (cmake/layers.cmake), and third-party headers stay in .cpp files."""

import functools
import re

from source import Finding

INCLUDE = re.compile(r"^\s*#\s*include\s*([<\"])([^>\"]+)[>\"]", re.M)
THIRD_PARTY = re.compile(r"^(openssl/|liburing|ares|fmt/|nlohmann/|CLI/|llhttp|zlib|brotli/|zstd|gtest|gmock|benchmark)")


@functools.cache
def allowed():
    with open("cmake/layers.cmake", encoding="utf-8") as file:
        table = re.findall(r"set\(VP_ALLOWED_(\S+)\s+([^)]*)\)", file.read())
    return {name: set(below.replace('"', "").split()) for name, below in table}


def check(source):
    for found in INCLUDE.finditer(source.text):
        line, header = source.line_of(found.start(2)), found.group(2)
        if source.is_public and THIRD_PARTY.match(header):
            yield Finding(line, "third-party", f"<{header}> in a public header: keep it in a .cpp")
        target = re.match(r"vajrapulse/([a-z0-9_]+)/", header)
        if not (target and source.module in allowed() and target.group(1) in allowed()):
            continue
        if target.group(1) != source.module and target.group(1) not in allowed()[source.module]:
            yield Finding(line, "layers", f"{source.module} must not include {target.group(1)} "
                                          f"(it may: {' '.join(sorted(allowed()[source.module])) or 'nothing'})")
    if source.is_header and "#pragma once" not in source.text:
        yield Finding(1, "pragma-once", "a header starts with #pragma once")
