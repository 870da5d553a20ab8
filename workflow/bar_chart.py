"""Draws bars as inline SVG from numbers that may be shown: no script, no address, and a table stands beside each."""

from collections.abc import Sequence
from html import escape

_ROW, _BAR, _LABEL, _WHOLE, _VALUE = 26, 18, 210, 360, 90


def bars(title: str, rows: Sequence[tuple[str, float | None, str]]) -> str:
    """Bars from left to right, one under the other: label, length (None: none is drawn) and the words at its end."""
    most = max((length for _, length, _ in rows if length is not None), default=0) or 1
    width, height = _LABEL + _WHOLE + _VALUE, len(rows) * _ROW + 4
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(title)}" font-family="Liberation Sans, Arial, sans-serif" font-size="13">'
    ]
    for place, (label, length, words) in enumerate(rows):
        top = place * _ROW + 2
        middle = top + _BAR - 5
        long = round((length or 0) / most * _WHOLE, 1)
        parts.append(f'<text x="{_LABEL - 8}" y="{middle}" text-anchor="end" fill="#0b0c0c">{escape(label)}</text>')
        if length is not None:
            parts.append(f'<rect x="{_LABEL}" y="{top}" width="{long}" height="{_BAR}" fill="#1d70b8"/>')
        parts.append(f'<text x="{_LABEL + long + 6}" y="{middle}" fill="#0b0c0c">{escape(words)}</text>')
    return "".join([*parts, "</svg>"])
