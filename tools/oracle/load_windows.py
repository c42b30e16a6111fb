#!/usr/bin/env python3
"""How many arrivals each load owes by the end of every 100 ms: fractions and 60-digit sines, nothing of the program.

    tools/oracle/load_windows.py > libs/engine/src/load_windows.hpp
"""

from fractions import Fraction as F

import mpmath

mpmath.mp.dps = 60
WINDOW = F(1, 10)


def slope(start, end, span):
    return lambda t: start * t + (end - start) * t * t / (2 * span)


def level(rate):
    return lambda t: rate * t


def sine(mean, amplitude, period):
    def integral(t):
        turns = t / period
        if turns.denominator == 1:
            return mean * t
        angle = 2 * mpmath.pi * turns.numerator / turns.denominator
        swing = mpmath.mpf(amplitude.numerator) / amplitude.denominator * period.numerator / period.denominator
        return mpmath.mpf((mean * t).numerator) / (mean * t).denominator + swing * (1 - mpmath.cos(angle)) / (
            2 * mpmath.pi
        )

    return integral


def spikes(base, spike, interval, lasts):
    def integral(t):
        whole, rest = divmod(t, interval)
        before = (interval - lasts) / 2
        in_spike = min(max(rest - before, 0), lasts) + whole * lasts
        return base * (t - in_spike) + spike * in_spike

    return integral


def chain(*stages):
    """(integral, length) one after another."""

    def integral(t):
        total = 0
        for own, length in stages:
            total += own(min(t, length))
            t -= length
            if t <= 0:
                break
        return total

    return integral


def ms(number):
    return F(number, 1000)


LOADS = [
    ("static 977/s 3s", level(F(977)), 30),
    ("ramp 0..500/s 3s", slope(F(0), F(500), F(3)), 30),
    ("ramp 10..800/s 2s", slope(F(10), F(800), F(2)), 20),
    ("ramp 0..1000/s 1s, hold 2s", chain((slope(F(0), F(1000), F(1)), F(1)), (level(F(1000)), F(2))), 30),
    ("ramp 1000..0/s 3s", slope(F(1000), F(0), F(3)), 30),
    (
        "step 100/s 700ms 200/s 1s 555.5/s 800ms",
        chain((level(F(100)), ms(700)), (level(F(200)), F(1)), (level(F(1111, 2)), ms(800))),
        25,
    ),
    ("sine 1000/s ± 300 period 1.7s for 4s", sine(F(1000), F(300), ms(1700)), 40),
    ("sine 500/s ± 500 period 1s for 3s", sine(F(500), F(500), F(1)), 30),
    ("spike 100/s to 5000/s every 1s for 150ms, 3.5s", spikes(F(100), F(5000), F(1), ms(150)), 35),
    ("spike 200/s to 2000/s 3s", spikes(F(200), F(2000), F(3), ms(300)), 30),
    ("spike 800/s to 0/s every 1s for 220ms, 2s", spikes(F(800), F(0), F(1), ms(220)), 20),
    (
        "sine 300/s ± 200 period 900ms for 3s + ramp 0..400/s 2s, hold 500ms"
        " + spike 0/s to 1000/s every 1s for 110ms, 3s",
        lambda t: sine(F(300), F(200), ms(900))(t)
        + chain((slope(F(0), F(400), F(2)), F(2)), (level(F(400)), ms(500)))(t)
        + spikes(F(0), F(1000), F(1), ms(110))(t),
        30,
    ),
    (
        "ramp 0..400/s 1s, sine 400/s ± 400 period 800ms for 1.6s, static 0/s 250ms, ramp 300/s 450ms",
        chain(
            (slope(F(0), F(400), F(1)), F(1)),
            (sine(F(400), F(400), ms(800)), ms(1600)),
            (level(F(0)), ms(250)),
            (slope(F(0), F(300), ms(450)), ms(450)),
        ),
        33,
    ),
]


def ceiling(value):
    return int(mpmath.ceil(value)) if isinstance(value, mpmath.mpf) else -(-value.numerator // value.denominator)


def main():
    print("#pragma once\n\n#include <cstdint>\n#include <string_view>\n#include <vector>\n")
    print("// Written by tools/oracle/load_windows.py.\nnamespace vajrapulse::engine::test {\n")
    print("struct LoadWindows {\n  std::string_view load;")
    print("  std::vector<std::uint64_t> owed;  ///< arrivals before 100 ms, 200 ms, …\n};\n")
    print("// clang-format off\ninline const std::vector<LoadWindows> kLoadWindows = {")
    for text, integral, windows in LOADS:
        owed = [ceiling(integral(WINDOW * i)) for i in range(1, windows + 1)]
        print(f'    {{"{text}",\n     {{{", ".join(map(str, owed))}}}}},')
    print("};\n// clang-format on\n\n}  // namespace vajrapulse::engine::test")


if __name__ == "__main__":
    main()
