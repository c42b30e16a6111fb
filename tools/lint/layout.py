#!/usr/bin/env python3
"""Every source file is laid out as .clang-format says. `./dev lint --fix` rewrites what is not."""

import os
import subprocess
import sys

from source import tracked_sources


def main():
    program = os.environ.get("CLANG_FORMAT", "clang-format-19")
    paths = [source.path for source in tracked_sources()]
    wrong = []
    for begin in range(0, len(paths), 50):
        answer = subprocess.run([program, "--dry-run", "--Werror", *paths[begin:begin + 50]], capture_output=True,
                                text=True, check=False)
        wrong += [line for line in answer.stderr.split("\n") if " error: " in line]
    files = sorted({line.split(":")[0] for line in wrong})
    for name in files:
        first = next(line for line in wrong if line.startswith(name + ":"))
        print(f"error: {':'.join(first.split(':')[:2])}: layout: ./dev lint --fix")
    print(f"  {len(paths)} files, {len(files)} laid out otherwise")
    return 1 if files else 0


if __name__ == "__main__":
    sys.exit(main())
