#!/usr/bin/env python3
"""What Python's csv module reads from files it wrote in many manners.

    tools/oracle/csv_rows.py > libs/data/src/csv_rows.hpp
"""

import csv
import io
import random

CASES = 60
PIECES = ["a", "b7", "Zürich", "x" * 61, " ", '"', '""', ",", ";", "\t", "|", "\n", "\r\n", "'", "0.5", "名"]


def field(rng):
    return "".join(rng.choice(PIECES) for _ in range(rng.choice([0, 1, 1, 2, 3, 6])))


def case(rng):
    separator = rng.choice(",;\t|")
    end = rng.choice(["\n", "\r\n"])
    quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
    width = rng.randint(2, 5)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end, quoting=quoting)
    writer.writerow([f"c{i}" for i in range(width)])
    for _ in range(rng.randint(1, 6)):
        writer.writerow([field(rng) for _ in range(width)])
    text = out.getvalue()
    if rng.random() < 0.3:
        text = text[: -len(end)]
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    if rng.random() < 0.2:
        text = "\ufeff" + text
    return text, separator, rows[1:]


def literal(text):
    out = ""
    for byte in text.encode():
        letter = chr(byte)
        if letter in '"\\?':
            out += "\\" + letter
        elif 0x20 <= byte < 0x7F:
            out += letter
        else:
            out += f"\\{byte:03o}"
    return f'"{out}"'


def main():
    rng = random.Random(20)
    print("// Written by tools/oracle/csv_rows.py.")
    print("// clang-format off")
    print("#pragma once\n\n#include <string_view>\n#include <vector>\n\nnamespace vajrapulse::data {\n")
    print("struct CsvCase {\n  std::string_view text;\n  char separator;\n"
          "  std::vector<std::vector<std::string_view>> rows;\n};\n")
    print("inline const std::vector<CsvCase> kCsvCases{")
    for _ in range(CASES):
        text, separator, rows = case(rng)
        body = ",\n    ".join("{" + ", ".join(map(literal, row)) + "}" for row in rows)
        print(f"  {{{literal(text)}, '{separator if separator != chr(9) else chr(92) + 't'}', {{\n    {body}}}}},")
    print("};\n\n}  // namespace vajrapulse::data")


if __name__ == "__main__":
    main()
