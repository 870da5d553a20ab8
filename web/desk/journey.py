"""Draws where the journey of a case stands: its stages in a row, the way it went, and a flag: you are here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from markupsafe import Markup

from web import words
from workflow.case import Case
from workflow.vocabulary import STAGE_OF, Stage, State, Track


@dataclass(frozen=True, slots=True)
class StageShown:
    """A stage: ``here``, ``been``, ``passed`` over or ``ahead``; its first day, and the state if it is here."""

    name: str
    standing: str
    state: str
    since: date | None


_STEP, _EDGE, _LINE, _HEIGHT = 140, 70, 84, 124

# What is put into these is escaped by ``Markup.format``; the colours stand in the style sheet.
_DRAWING = Markup(
    '<svg class="vc-journey-drawing" viewBox="0 16 {width} {height}" aria-hidden="true" focusable="false">{parts}</svg>'
)
_STRETCH = Markup('<path class="vc-drawn-{kind}" d="M{start} {line} H{end}"/>')
_BACK = Markup(
    '<path class="vc-drawn-back" d="M{start} {from_} C{start} {top} {end} {top} {end} {from_}"/>'
    '<path class="vc-drawn-tip" d="M{left} {above} L{end} {from_} L{right} {above} Z"/>'
)
_STOP = Markup('<circle class="vc-drawn-{standing}" cx="{x}" cy="{line}" r="{radius}"/>')
_TICK = Markup('<path class="vc-drawn-tick" d="M{x} {y} l4 4 l7 -9"/>')
_NAME = Markup('<text class="vc-drawn-name-{standing}" x="{x}" y="{y}" text-anchor="middle">{name}</text>')
_SINCE = Markup('<text class="vc-drawn-since" x="{x}" y="{y}" text-anchor="middle">{day}</text>')
_FLAG = Markup(
    '<path class="vc-drawn-flag" d="M{left} {top} H{right} V{bottom} H{tip_right} L{x} {tip} L{tip_left} {bottom} '
    'H{left} Z"/><text class="vc-drawn-flag-words" x="{x}" y="{words}" text-anchor="middle">You are here</text>'
)


def stages_of(case: Case) -> list[StageShown]:
    """Every stage of the journey in order, as this case stands to it."""
    first: dict[Stage, date] = {}
    for stage, day in _way(case):
        first.setdefault(stage, day)
    order = list(Stage)
    furthest = max((order.index(stage) for stage in first), default=0)
    return [
        StageShown(
            words.sentence(stage),
            "here"
            if stage is case.stage
            else "been"
            if stage in first
            else "passed"
            if order.index(stage) < furthest
            else "ahead",
            words.STATES[case.state] if stage is case.stage else "",
            first.get(stage),
        )
        for stage in Stage
    ]


def drawing_of(case: Case, shown: Sequence[StageShown]) -> Markup:
    """The stages in a row, with the way back wherever the case went back; the list beside it says the same."""
    places = {stage: _EDGE + number * _STEP for number, stage in enumerate(Stage)}
    been = [place for place, each in zip(places.values(), shown, strict=True) if each.since]
    furthest = max(been, default=_EDGE)
    went = [stage for stage, _ in _way(case)]
    back = dict.fromkeys((one, next_) for one, next_ in pairwise(went) if places[next_] < places[one])
    parts = [
        _STRETCH.format(kind="ahead", start=furthest, end=places[list(Stage)[-1]], line=_LINE),
        _STRETCH.format(kind="been", start=_EDGE, end=furthest, line=_LINE),
    ]
    parts += [_arrow(places[one], places[next_]) for one, next_ in back]
    for place, each in zip(places.values(), shown, strict=True):
        parts += _stop(place, each)
    width = 2 * _EDGE + (len(places) - 1) * _STEP
    return _DRAWING.format(width=width, height=_HEIGHT, parts=Markup("").join(parts))


def _way(case: Case) -> list[tuple[Stage, date]]:
    """The stages in the order in which the case came to them, each with the day."""
    went: list[tuple[Stage, date]] = []
    for event in case.history:
        state = event.reached.get(Track.JOURNEY)
        if state and (not went or STAGE_OF[State(state)] is not went[-1][0]):
            went.append((STAGE_OF[State(state)], event.day))
    return went


def _arrow(start: int, end: int) -> Markup:
    from_ = _LINE - 14
    return _BACK.format(start=start, end=end, from_=from_, top=30, above=from_ - 9, left=end - 5, right=end + 5)


def _stop(x: int, each: StageShown) -> list[Markup]:
    is_here = each.standing == "here"
    parts = [_STOP.format(standing=each.standing, x=x, line=_LINE, radius=12 if is_here else 9)]
    if each.standing == "been":
        parts.append(_TICK.format(x=x - 6, y=_LINE))
    if is_here:
        box = {"left": x - 56, "right": x + 56, "top": 22, "bottom": 52, "tip": 66, "tip_left": x - 9, "words": 43}
        parts.append(_FLAG.format(x=x, tip_right=x + 9, **box))
    parts.append(_NAME.format(standing=each.standing, x=x, y=_LINE + 32, name=each.name))
    if each.since:
        parts.append(_SINCE.format(x=x, y=_LINE + 51, day=f"{each.since.day} {each.since:%b %Y}"))
    return parts
