#!/usr/bin/env python3
"""The rules of the house that no compiler checks. Each finding is a line: file:line: rule: what to do.

A line may carry `// lint: allow RULE, why` where the rule does not fit; the reason is read in review.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import calls  # noqa: E402
import coroutines  # noqa: E402
import includes  # noqa: E402
import shape  # noqa: E402
from source import tracked_sources  # noqa: E402


def main():
    errors, warnings = [], []
    sources = tracked_sources()
    for source in sources:
        for check in (includes.check, calls.check, coroutines.check, shape.check):
            for finding in check(source):
                if source.allows(finding):
                    continue
                (warnings if finding.warning else errors).append(f"{source.path}:{finding.line}: {finding.text()}")
    for line in warnings:
        print(f"warning: {line}")
    for line in errors:
        print(f"error: {line}")
    print(f"  {len(sources)} files, {len(errors)} errors, {len(warnings)} warnings")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
