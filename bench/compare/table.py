"""Rows of the comparison, for a terminal and for docs/performance.md."""

import dataclasses
import os
import re
from typing import Optional


@dataclasses.dataclass
class Row:
    what: str
    ours: str
    peer: str
    ratio: str
    aim: str
    met: Optional[bool] = None  # nothing: no aim
    note: str = ""

    def cells(self):
        verdict = {True: "yes", False: "NO", None: ""}[self.met]
        return [self.what, self.ours, self.peer, self.ratio, self.aim, verdict, self.note]


HEADINGS = ["measure", "vajrapulse", "peer", "ratio", "aim", "met", "host took (seconds), spread"]


def as_text(rows, header):
    lines = [HEADINGS] + [row.cells() for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    text.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(["", *header, "", *text, ""])


def as_markdown(rows, header):
    lines = ["| " + " | ".join(cells) + " |" for cells in
             [HEADINGS, ["---"] * len(HEADINGS)] + [row.cells() for row in rows]]
    return "\n".join(["\n".join(f"- {line}" for line in header), "", *lines, ""])


def write_markdown(path, text, mark="bench"):
    """Into the marked place of a document that is there; else a file of its own."""
    marks = re.compile(f"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", re.S)
    document = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            document = file.read()
    if marks.search(document):
        text = marks.sub(lambda found: found.group(1) + "\n" + text + "\n" + found.group(2), document)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
