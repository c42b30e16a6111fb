"""The two tables of the comparison, for a terminal and for docs/performance.md."""

import dataclasses
from typing import Optional

from contest import STALL_RATE, STALL_SECONDS, TRUTH_MS, Cost, Truth
from highest import Highest
from tool import Tool

COST_HEADINGS = ["tool", "requests/s", "÷ wrk", "CPU a request", "÷ wrk (min–max)", "peak RSS", "of 20,000/s sent",
                 "of 1,000/s sent", "highest rate held at 99.9 %"]
STALL_HEADINGS = ["tool", "setting", "completed", "p95", "p99", "p99.9", "verdict"]


@dataclasses.dataclass
class CostRow:
    tool: Tool
    cost: Optional[Cost]
    share_20k: Optional[float]
    share_1k: Optional[float]
    highest: Optional[Highest]

    def cells(self):
        name = f"{self.tool.name} {self.tool.version()}"
        if not self.cost:
            return [name, "gave no answer"] + [""] * (len(COST_HEADINGS) - 2)
        cost = self.cost
        ratios = sorted(cost.cpu_to_wrk)
        return [name, f"{cost.rate:,.0f}", f"{cost.rate_to_wrk:.2f}", f"{cost.cpu_us:.1f} µs",
                f"{ratios[len(ratios) // 2]:.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f})", f"{cost.rss_bytes / 1e6:.0f} MB",
                self._share(self.share_20k), self._share(self.share_1k), self._highest()]

    def _share(self, share):
        if not self.tool.takes_rate:
            return "has no rate"
        return "no answer" if share is None else f"{share:.2%}"

    def _highest(self):
        if not self.tool.takes_rate:
            return "has no rate"
        held, failed = self.highest.held, self.highest.failed
        if not held:
            return f"none: {failed.share:.2%} of {failed.rate:,}/s"
        return f"{held.rate:,}/s, not {failed.rate:,}/s" if failed else f"≥ {held.rate:,}/s"


@dataclasses.dataclass
class StallRow:
    tool: Tool
    setting: str
    truth: Optional[Truth]

    def cells(self):
        if not self.truth:
            return [self.tool.name, self.setting, "gave no answer", "", "", "", ""]
        times = dict(self.truth.percentiles_ms)
        shown = [f"{times[p]:.1f} ms" if times.get(p) is not None else "–" for p in (95, 99, 99.9)]
        if 97.5 in times:
            shown[0] = f"p97.5: {times[97.5]:.1f} ms"
        return [self.tool.name, self.setting, f"{self.truth.sent:,}", *shown, self.truth.verdict]


def truth_cells():
    return ["**arithmetic**", "", f"{STALL_RATE * STALL_SECONDS:,}", f"{TRUTH_MS[95]} ms (p97.5: {TRUTH_MS[97.5]})",
            f"{TRUTH_MS[99]} ms", f"{TRUTH_MS[99.9]} ms", ""]


def facts(tools, absent):
    return ["; ".join(f"{tool.name} {tool.version()}" for tool in tools)] + \
        [f"{name} cannot be had here: {why}" for name, why in absent.items()]


def columns(lines):
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]


def as_text(costs, stalls, header):
    return "\n".join(["", *header, "", *columns([COST_HEADINGS] + [row.cells() for row in costs]), "",
                      *columns([STALL_HEADINGS, truth_cells()] + [row.cells() for row in stalls]), ""])


def markdown_table(headings, rows):
    return ["| " + " | ".join(cells) + " |" for cells in [headings, ["---"] * len(headings), *rows]]


def as_markdown(costs, stalls, header):
    return "\n".join(["\n".join(f"- {line}" for line in header), "",
                      *markdown_table(COST_HEADINGS, [row.cells() for row in costs]), "",
                      *markdown_table(STALL_HEADINGS, [truth_cells()] + [row.cells() for row in stalls]), ""])
