#!/usr/bin/env python3
"""A picture of a terminal: runs a command under a pseudo-terminal and draws what stands on the screen at its end.

  tools/picture.py OUT.svg COMMAND…        the live view's redraws are followed, as a terminal would
"""

import os
import pty
import re
import select
import struct
import sys
import fcntl
import termios
from xml.sax.saxutils import escape

COLUMNS, LINES = 100, 60
CELL_W, CELL_H, MARGIN = 8.4, 18, 16
BASIC = ["#3b4252", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d8dee9",
         "#7f8899", "#ff7b86", "#b1e18b", "#ffd479", "#7fc1ff", "#dd8bf0", "#6fd3df", "#ffffff"]
FOREGROUND, BACKGROUND = "#d8dee9", "#1e222a"
CONTROL = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|\x1b[()][A-Z0-9]|\x1b[=>78]")


def colour_of(number):
    if number < 16:
        return BASIC[number]
    if number >= 232:
        return "#" + f"{8 + (number - 232) * 10:02x}" * 3
    number -= 16
    steps = [0, 95, 135, 175, 215, 255]
    return "#" + "".join(f"{steps[i]:02x}" for i in (number // 36, number // 6 % 6, number % 6))


class Screen:
    """As much of a terminal as a program that redraws in place needs."""

    def __init__(self):
        self.cells = {}
        self.row = self.column = 0
        self.reset()

    def reset(self):
        self.colour, self.bold, self.dim = None, False, False

    def feed(self, text):
        at = 0
        for found in CONTROL.finditer(text):
            self.write(text[at:found.start()])
            if found.group(2):
                self.control(found.group(1), found.group(2))
            at = found.end()
        self.write(text[at:])

    def write(self, text):
        for c in text:
            if c == "\n":
                self.row += 1
            elif c == "\r":
                self.column = 0
            elif c >= " ":
                self.cells[self.row, self.column] = (c, self.colour, self.bold, self.dim)
                self.column += 1

    def control(self, arguments, kind):
        numbers = [int(n) for n in arguments.split(";") if n.isdigit()]
        first = numbers[0] if numbers else 0
        if kind == "m":
            self.style(numbers or [0])
        elif kind in "AF":
            self.row = max(self.row - max(first, 1), 0)
        elif kind in "BE":
            self.row += max(first, 1)
        elif kind == "C":
            self.column += max(first, 1)
        elif kind == "G":
            self.column = max(first, 1) - 1
        elif kind == "K":
            self.erase(lambda r, c: r == self.row and (c >= self.column or first == 2))
        elif kind == "J":
            self.erase(lambda r, c: r > self.row or (r == self.row and c >= self.column))
        if kind in "EF":
            self.column = 0

    def erase(self, where):
        self.cells = {at: cell for at, cell in self.cells.items() if not where(*at)}

    def style(self, numbers):
        while numbers:
            n = numbers.pop(0)
            if n == 0:
                self.reset()
            elif n in (1, 2):
                self.bold, self.dim = self.bold or n == 1, self.dim or n == 2
            elif n == 22:
                self.bold = self.dim = False
            elif 30 <= n <= 37 or 90 <= n <= 97:
                self.colour = BASIC[n - 30 if n < 90 else n - 82]
            elif n == 39:
                self.colour = None
            elif n == 38 and numbers[:1] == [5]:
                self.colour = colour_of(numbers[1])
                numbers[:2] = []
            elif n == 38 and numbers[:1] == [2]:
                self.colour = "#" + "".join(f"{part:02x}" for part in numbers[1:4])
                numbers[:4] = []

    def runs(self, row):
        """Stretches of one style: (column, text, style)."""
        found = []
        for (_, column), (c, *style) in sorted(item for item in self.cells.items() if item[0][0] == row):
            if found and found[-1][2] == style and found[-1][0] + len(found[-1][1]) == column:
                found[-1] = (found[-1][0], found[-1][1] + c, style)
            elif c != " ":
                found.append((column, c, style))
        return found


def svg(screen, prompt):
    rows = sorted({row for row, _ in screen.cells})
    rows = range(rows[0], rows[-1] + 1) if rows else []
    width = max((column for _, column in screen.cells), default=40) + 1
    width = max(width, len(prompt) + 3) * CELL_W + 2 * MARGIN
    height = (len(rows) + 2) * CELL_H + 2 * MARGIN
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
           f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'
           f'DejaVu Sans Mono,monospace" font-size="14">',
           f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>',
           line(0, 0, f"$ {prompt}", ["#98c379", True, False])]
    for index, row in enumerate(rows):
        out += [line(index + 2, column, text, style) for column, text, style in screen.runs(row)]
    return "\n".join(out + ["</svg>", ""])


def line(row, column, text, style):
    colour, bold, dim = style
    text = text.rstrip()
    return (f'<text x="{MARGIN + column * CELL_W:.1f}" y="{MARGIN + (row + 0.8) * CELL_H:.1f}" xml:space="preserve" '
            f'textLength="{len(text) * CELL_W:.1f}" fill="{colour or FOREGROUND}"'
            + (' font-weight="bold"' if bold else "") + (' opacity="0.6"' if dim else "") + f">{escape(text)}</text>")


def record(command):
    screen = Screen()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.environ.pop("NO_COLOR", None)
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    pending = b""
    while True:
        ready, _, _ = select.select([terminal], [], [], 120)
        try:
            data = os.read(terminal, 65536) if ready else b""
        except OSError:
            data = b""
        if not data:
            break
        pending += data
        # Neither a character nor an escape sequence is cut in two.
        cut = max(pending.rfind(b"\n") + 1, 0) or len(pending)
        screen.feed(pending[:cut].decode("utf-8", "replace"))
        pending = pending[cut:]
    screen.feed(pending.decode("utf-8", "replace"))
    os.waitpid(pid, 0)
    return screen


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    screen = record(sys.argv[2:])
    prompt = " ".join([os.path.basename(sys.argv[2]), *sys.argv[3:]])
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        out.write(svg(screen, prompt))


if __name__ == "__main__":
    main()
