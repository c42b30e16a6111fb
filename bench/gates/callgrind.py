"""Counts instructions: the same program, the same answer, on any machine with the same compiler and C library.

Alone it prints where a path spends them: callgrind.py PROGRAM PATH
"""

import os
import platform
import re
import subprocess
import sys
import tempfile

# The C library picks memcpy and the like by what the processor can: all that is newer than x86-64's baseline is
# switched off, so that every machine takes the same one. Names that a version does not know are ignored.
HWCAPS = ("AVX2,AVX,AVX512F,AVX512VL,AVX512BW,ERMS,FSRM,SSSE3,SSE4_1,SSE4_2,BMI2,LZCNT,MOVBE,RTM,"
          "AVX_Fast_Unaligned_Load,AVX2_Usable,AVX_Usable,Fast_Unaligned_Load,Fast_Unaligned_Copy,Fast_Copy_Backward,"
          "Prefer_No_VZEROUPPER,Fast_Rep_String")
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=" + ",".join("-" + cap for cap in HWCAPS.split(",")),
    "OPENSSL_ia32cap": "0:0",
}


def count(program, path, executions, out="/dev/null"):
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", program, path, str(executions)]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                          timeout=300, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"{' '.join(command)} failed ({done.returncode}):\n{done.stderr[-2000:]}")
    return int(found.group(1))


def per_execution(program, path, short, long):
    return (count(program, path, long) - count(program, path, short)) / (long - short)


def toolchain(build):
    """What the instructions depend on: processor family, compiler, C library."""
    compiler = "c++"
    with open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as cache:
        found = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.*)$", cache.read(), re.M)
        if found:
            compiler = found.group(1)
    version = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    family = "clang" if "clang" in version else "gcc"
    number = re.search(r"\d+\.\d+\.\d+", version).group(0)
    return f"{platform.machine()}, {family} {number}, {' '.join(platform.libc_ver())}"


def main():
    program, path = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "callgrind.out")
        count(program, path, 50_000, out)
        subprocess.run(["callgrind_annotate", "--inclusive=no", out], check=True)


if __name__ == "__main__":
    main()
