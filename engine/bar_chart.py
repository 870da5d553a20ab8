"""Draws bars as inline SVG from numbers that may be shown: no script, no address, and a table stands beside each."""

from collections.abc import Sequence

from markupsafe import Markup

_ROW, _BAR, _LABEL, _WHOLE, _VALUE = 26, 18, 210, 360, 90
_WIDTH = _LABEL + _WHOLE + _VALUE

# What is put into these is escaped by ``Markup.format``.
_DRAWING = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
    'role="img" aria-label="{title}" font-family="Liberation Sans, Arial, sans-serif" font-size="13">{parts}</svg>'
)
_LABELLED = Markup('<text x="{x}" y="{y}" text-anchor="end" fill="#0b0c0c">{words}</text>')
_DRAWN = Markup('<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="#1d70b8"/>')
_SAID = Markup('<text x="{x}" y="{y}" fill="#0b0c0c">{words}</text>')


def bars(title: str, rows: Sequence[tuple[str, float | None, str]]) -> Markup:
    """Bars from left to right, one under the other: label, length (None: none is drawn) and the words at its end."""
    most = max((length for _, length, _ in rows if length is not None), default=0) or 1
    parts: list[Markup] = []
    for place, (label, length, words) in enumerate(rows):
        top = place * _ROW + 2
        middle = top + _BAR - 5
        long = round((length or 0) / most * _WHOLE, 1)
        parts.append(_LABELLED.format(x=_LABEL - 8, y=middle, words=label))
        if length is not None:
            parts.append(_DRAWN.format(x=_LABEL, y=top, width=long, height=_BAR))
        parts.append(_SAID.format(x=_LABEL + long + 6, y=middle, words=words))
    height = len(rows) * _ROW + 4
    return _DRAWING.format(width=_WIDTH, height=height, title=title, parts=Markup("").join(parts))
