#!/usr/bin/env python3
"""picture.py - a terminal session as an SVG picture: reads text, writes SVG.

    ictstat compute ... | tools/picture.py '$ ictstat compute ...' > docs/pictures/compute.svg

Lines that begin with `$ ` are shown as commands."""
import html
import sys

CHAR, LINE, PAD = 8.4, 19, 18
lines = sys.argv[1:] + sys.stdin.read().rstrip("\n").split("\n")
width = max(len(l) for l in lines) * CHAR + 2 * PAD
height = len(lines) * LINE + 2 * PAD
print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" '
      f'height="{height}" role="img"><title>A session of ictstat</title>')
print(f'<rect width="100%" height="100%" rx="8" fill="#10202b"/>'
      '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14">')
for i, line in enumerate(lines):
    colour = "#7fd1b9" if line.startswith("$ ") else "#e8eef1"
    text = html.escape(line).replace(" ", "\u00a0")
    weight = ' font-weight="bold"' if line[:1].isdigit() or line.startswith("HH") else ""
    print(f'<text x="{PAD}" y="{PAD + 14 + i * LINE}" fill="{colour}"{weight}>{text}</text>')
print("</g></svg>")
