"""The same exchange as exchange.cpp, by HdrHistogram for Python (PyPI: hdrhistogram)."""

import sys

from hdrh.histogram import HdrHistogram


def empty():
    return HdrHistogram(1, 3_600_000_000_000, 3)


def main(what):
    histogram = empty()
    for line in sys.stdin:
        line = line.rstrip("\n")
        if what == "decode":
            theirs = HdrHistogram.decode(line.encode())
            for value in theirs.get_recorded_iterator():
                print(theirs.get_lowest_equivalent_value(value.value_iterated_to), value.count_at_value_iterated_to)
            print()
        elif what == "merge":
            histogram.add(HdrHistogram.decode(line.encode()))
        elif not line:
            print(histogram.encode().decode())
            histogram = empty()
        else:
            value, times = line.split()
            histogram.record_value(int(value), int(times))
    if what == "merge":
        print(histogram.encode().decode())


main(sys.argv[1])
