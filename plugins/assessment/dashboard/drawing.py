"""Charts as SVG that the page carries itself: they print, need no script, and the PDF report shows the same ones."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup, escape

COLOURS = ("#17467f", "#b4540a", "#3f8f5c", "#7a4b9c", "#5b6b7c", "#b3211c")
GRID, INK, SOFT = "#d5dde6", "#1d2733", "#56616e"
FONT = "'Source Han Sans SC','Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei',sans-serif"


@dataclass(frozen=True, slots=True)
class Line:
    """A named row of values, one for each axis or place; None where there is none."""

    name: str
    values: Sequence[Decimal | None]


def radar(title: str, axes: Sequence[str], lines: Sequence[Line]) -> Markup:
    """Lines on axes from 0 to 100 around a middle; an axis on which no line has a value is left out."""
    kept = [place for place in range(len(axes)) if any(line.values[place] is not None for line in lines)]
    axes = [axes[place] for place in kept]
    width, height, radius = 560, 380, 132
    middle = (width / 2, height / 2)
    parts = []
    for share in (0.25, 0.5, 0.75, 1.0):
        ring = [_around(middle, radius * share, place, len(axes)) for place in range(len(axes))]
        parts.append(f'<polygon points="{_points(ring)}" fill="none" stroke="{GRID}"/>')
    for place, name in enumerate(axes):
        x, y = _around(middle, radius, place, len(axes))
        parts.append(f'<line x1="{middle[0]}" y1="{middle[1]}" x2="{x:.1f}" y2="{y:.1f}" stroke="{GRID}"/>')
        parts.append(_axis_name(middle, radius, place, len(axes), name))
    for number, line in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        corners = [_around(middle, radius * float(value) / 100, place, len(axes))
                   for place, value in enumerate(line.values[each] for each in kept) if value is not None]
        dash = ' stroke-dasharray="5 4"' if number else ""
        parts.append(f'<polygon points="{_points(corners)}" fill="{colour}" fill-opacity="{0.16 if not number else 0}" '
                     f'stroke="{colour}" stroke-width="2"{dash}/>')
        parts.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in corners if not number)
    return _svg(title, width, height, parts)


def course(title: str, places: Sequence[str], lines: Sequence[Line]) -> Markup:
    """Values from 0 to 100 over time, or over aspects."""
    width, height, left, right, top, bottom = 720, 250, 34, 16, 14, 34
    inner, tall = width - left - right, height - top - bottom
    known = [float(value) for line in lines for value in line.values if value is not None]
    low = max(0, math.floor((min(known, default=0) - 4) / 10) * 10)
    high = min(100, math.ceil((max(known, default=100) + 4) / 10) * 10)
    high = max(high, low + 10)
    step = 10 if high - low <= 50 else 20
    parts = []

    def at(place: int, value: float) -> tuple[float, float]:
        across = inner * (place + 0.5) / max(1, len(places))
        return left + across, top + tall * (high - value) / (high - low)

    for mark in range(low, high + 1, step):
        y = at(0, mark)[1]
        parts.append(f'<line x1="{left}" y1="{y:.1f}" x2="{width - right}" y2="{y:.1f}" stroke="{GRID}"/>'
                     + _text(left - 6, y + 4, str(mark), "end", 11, SOFT))
    every = max(1, math.ceil(len(places) / 12))
    parts.extend(_text(at(place, low)[0], height - 12, name, "middle", 11, SOFT)
                 for place, name in enumerate(places) if place % every == 0)
    for number, line in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        dots = [(place, *at(place, float(value))) for place, value in enumerate(line.values) if value is not None]
        path = " ".join(f"{x:.1f},{y:.1f}" for _, x, y in dots)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.2"/>')
        for place, x, y in dots:
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{colour}"/>')
            if len(lines) == 1 and len(dots) <= 14:
                parts.append(_text(x, y - 8, f"{line.values[place]}", "middle", 11, INK))
    return _svg(title, width, height, parts)


def _svg(title: str, width: int, height: int, parts: Sequence[str]) -> Markup:
    return Markup(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" class="drawing" role="img" '
                  f'aria-label="{escape(title)}" font-family="{FONT}">' + "".join(parts) + "</svg>")


def _axis_name(middle: tuple[float, float], radius: float, place: int, number: int, name: str) -> str:
    x, y = _around(middle, radius + 14, place, number)
    across = x - middle[0]
    anchor = "middle" if abs(across) < 12 else "start" if across > 0 else "end"
    rows = _rows(name)
    first = y + 4 - (len(rows) - 1) * 7.5 + (-8 if y < middle[1] - radius else 8 if y > middle[1] + radius else 0)
    return "".join(_text(x, first + row * 15, words, anchor, 12.5, INK) for row, words in enumerate(rows))


def _rows(name: str) -> list[str]:
    """A name in at most three rows of about the same length."""
    if name.isascii():
        return textwrap.wrap(name, 20)[:3]
    number = math.ceil(len(name) / 8)
    size = math.ceil(len(name) / number)
    return [name[start : start + size] for start in range(0, len(name), size)]


def _text(x: float, y: float, words: str, anchor: str, size: float, colour: str) -> str:
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">'
            f"{escape(words)}</text>")


def _around(middle: tuple[float, float], radius: float, place: int, number: int) -> tuple[float, float]:
    angle = 2 * math.pi * place / max(1, number) - math.pi / 2
    return middle[0] + radius * math.cos(angle), middle[1] + radius * math.sin(angle)


def _points(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
