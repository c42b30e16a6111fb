#!/usr/bin/env python3
"""clang-tidy over all sources ("all"), or over a few of those that the last commit and the working tree change."""

import concurrent.futures
import os
import subprocess
import sys

from source import tracked_sources

AT_MOST = 6  # a minute or two; the rest is for `./dev lint --tidy`


def git(*arguments):
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=False).stdout.split("\n")


def chosen(which):
    sources = [source.path for source in tracked_sources() if source.path.endswith(".cpp")]
    if which == "all":
        return sources
    changed = set(git("diff", "--name-only", "HEAD")) | set(git("diff", "--name-only", "HEAD~1", "HEAD"))
    return [path for path in sources if path in changed and not path.endswith("_bench.cpp")][:AT_MOST]


def tidy(path):
    program = os.environ.get("CLANG_TIDY", "clang-tidy-19")
    answer = subprocess.run([program, "-p", "build/release", "--quiet", "--extra-arg=-Wno-unknown-warning-option",
                             "--extra-arg=-Wno-unused-command-line-argument", path],
                            capture_output=True, text=True, check=False)
    return path, answer.returncode, answer.stdout


def main():
    failed = 0
    paths = chosen(sys.argv[1] if len(sys.argv) > 1 else "changed")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for _, status, output in pool.map(tidy, paths):
            if status:
                failed += 1
                print(output.strip())
    print(f"  {len(paths)} files, {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
