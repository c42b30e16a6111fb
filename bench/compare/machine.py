"""Where and when: what a figure means nothing without."""

import datetime
import os
import re
import subprocess


def first_line(command):
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        return (answer.stdout + answer.stderr).strip().split("\n")[0]
    except OSError:
        return "absent"


def model():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        found = re.search(r"model name\s*:\s*(.*)", info.read())
    return found.group(1) if found else os.uname().machine


def describe():
    return [
        f"{datetime.date.today().isoformat()}, {model()}, {os.cpu_count()} cores, Linux {os.uname().release}",
        f"{first_line(['/usr/sbin/nginx', '-v'])}; {first_line(['wrk', '-v'])[:40]}; {first_line(['h2load', '--version'])}; "
        f"{first_line(['curl', '--version'])[:20]}; {first_line(['c++', '--version'])}",
    ]
