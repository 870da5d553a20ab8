"""Acts out chance with a purpose: how many stories end in which way, and on which day each of them comes."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from engine.simulation.casting import Casting
from engine.simulation.stories import Ending, Route, Story
from workflow.calendar import Calendar
from workflow.vocabulary import State

_YEAR = 365

# Of 202 victims referred in Derby's year 162 could be contacted, and 15 met the child (domain.md 2.9); how the rest
# divides is ours.
_REFERRED, _CONTACTED, _MEETINGS = 202, 162, 15
_CONTACTABLE: Mapping[Ending, int] = {
    Ending.INDIRECT: 62,
    Ending.INFORMATION: 40,
    Ending.SUPPORT: 22,
    Ending.DECLINED: 14,
    Ending.UNCONTACTABLE: 4,
    Ending.WITHDREW_LATER: 3,
    Ending.DIRECT_TO_COME: 2,
}
_OTHERS: Mapping[Ending, int] = {
    Ending.IN_HAND: 10,
    Ending.REFUSED: 10,
    Ending.NEVER_ANSWERED: 5,
    Ending.UNSAFE: 5,
    Ending.DUPLICATE: 4,
    Ending.WITHDREW_BEFORE: 4,
    Ending.ELSEWHERE: 2,
}

# How many days before the last one a story must have come, so that it can end as it is to end.
_OLD_ENOUGH: Mapping[Ending, int] = {
    Ending.DIRECT: 160,
    Ending.UNCONTACTABLE: 60,
    Ending.NEVER_ANSWERED: 60,
    Ending.WITHDREW_LATER: 60,
    Ending.UNSAFE: 30,
    Ending.REFUSED: 30,
    Ending.ELSEWHERE: 15,
    Ending.WITHDREW_BEFORE: 15,
    Ending.DUPLICATE: 15,
}
_YOUNG_ENOUGH: Mapping[Ending, int] = {Ending.DIRECT_TO_COME: 70}

# What police send first to a victim who is contacted in the end; the others send a clear yes.
_DETOURS: Mapping[Route, int] = {
    Route.REFUSED: 5,
    Route.NOT_ASKED: 4,
    Route.CHILD_ALONE: 4,
    Route.NO_SAFE_CHANNEL: 4,
}
_DETOUR_TAKES = 60

# The newest stories, none of which has come to a first contact: what police sent, where the case waits, and since how
# many working days it has been on the desk (0: it came after the office closed).
_IN_HAND: Sequence[tuple[Route, State, int]] = (
    (Route.CLEAR, State.INTAKE_CHECK, 0),
    (Route.CLEAR, State.CONTACT_DUE, 1),
    (Route.REFUSED, State.CONSENT_QUERY, 1),
    (Route.CLEAR, State.CHARACTERISTICS_CAPTURE, 1),
    (Route.NOT_ASKED, State.CONSENT_QUERY, 4),
    (Route.CLEAR, State.INTAKE_CHECK, 0),
    (Route.NO_SAFE_CHANNEL, State.INTAKE_CHECK, 2),
    (Route.REFUSED, State.AWAITING_CONSENT_RECORD, 9),
    (Route.CLEAR, State.CONTACT_DUE, 3),
    (Route.CHILD_ALONE, State.CONSENT_QUERY, 2),
)
# Contacted stories that are left where they are for the last weeks, so that each stage has somebody in it: where each
# waits, and how many days old it is about.
_OPEN: Sequence[tuple[State, int]] = (
    (State.ATTEMPTING, 11),
    (State.ENGAGED, 13),
    (State.RESTORATIVE_DECISION, 18),
    (State.ATTEMPTING, 14),
)


def share_out(number: int, shares: Mapping[Ending, int]) -> dict[Ending, int]:
    """A number divided in proportion to the shares, in whole ones; what is left goes to the largest remainders."""
    whole = sum(shares.values())
    given = {ending: number * share // whole for ending, share in shares.items()}
    order = sorted(shares, key=lambda ending: -(number * shares[ending] % whole))
    for ending in order[: number - sum(given.values())]:
        given[ending] += 1
    return given


def quotas(cases: int) -> dict[Ending, int]:
    """How many stories of a year with that many referrals end in which way."""
    contactable = round(cases * _CONTACTED / _REFERRED)
    meetings = min(contactable, round(cases * _MEETINGS / _REFERRED))
    return {
        Ending.DIRECT: meetings,
        **share_out(contactable - meetings, _CONTACTABLE),
        **share_out(cases - contactable, _OTHERS),
    }


def stories(cases: int, seed: int, today: date, calendar: Calendar, forces: Mapping[str, str]) -> list[Story]:
    """The stories of the year that ends today, in the order in which police send them."""
    rng = Random(f"{seed}/plan")  # noqa: S311  (a simulation, not a secret)
    wanted = quotas(cases)
    casting = Casting(seed, calendar, forces)
    days = _days(rng, cases - wanted[Ending.IN_HAND], today, calendar)
    endings = _endings(rng, wanted, days, today)
    told = [casting.cast(day, endings[place]) for place, day in enumerate(days)]
    _leave_open(told, today)
    _send_round(rng, told, today)
    told += [_in_hand(casting, place, today, calendar) for place in range(wanted[Ending.IN_HAND])]
    casting.double(told)
    casting.target_again(told)
    for story in told:
        casting.furnish(story, today)
    return sorted(told, key=lambda story: (story.day, story.number))


def _days(rng: Random, number: int, today: date, calendar: Calendar) -> list[date]:
    """Days spread over the year; the last one leaves the office time for a first contact."""
    first = today - timedelta(days=_YEAR - 1)
    span = (calendar.add_working_days(today, -7) - first).days
    return [first + timedelta(days=int((place + rng.random()) * span / number)) for place in range(number)]


def _endings(rng: Random, wanted: Mapping[Ending, int], days: Sequence[date], today: date) -> dict[int, Ending]:
    """An ending for every place, those that take longest first."""
    free = list(range(len(days)))
    endings: dict[int, Ending] = {}
    constrained = sorted(
        (ending for ending in wanted if ending is not Ending.IN_HAND),
        key=lambda ending: (ending not in _YOUNG_ENOUGH, -_OLD_ENOUGH.get(ending, 0)),
    )
    for ending in constrained:
        for _ in range(wanted[ending]):
            fitting = [
                place
                for place in free
                if _OLD_ENOUGH.get(ending, 0) <= (today - days[place]).days <= _YOUNG_ENOUGH.get(ending, _YEAR)
            ]
            place = rng.choice(fitting) if fitting else free[0]
            free.remove(place)
            endings[place] = ending
    return endings


def _send_round(rng: Random, told: Sequence[Story], today: date) -> None:
    """Let some of those who are contacted come by a detour: a no that was not informed, a child who was asked alone."""
    clear = [
        story
        for story in told
        if story.is_contactable and (today - story.day).days >= _DETOUR_TAKES and story.kind != "organisation"
    ]
    for route, share in _DETOURS.items():
        for _ in range(len(told) * share // _REFERRED):
            fitting = [story for story in clear if (story.kind == "child") == (route is Route.CHILD_ALONE)]
            if fitting:
                story = rng.choice(fitting)
                clear.remove(story)
                story.route = route


def _leave_open(told: Sequence[Story], today: date) -> None:
    """Leave some stories where they are, if there are enough of them to tell."""
    if len(told) < 100:
        return
    for state, age in _OPEN:
        fitting = [story for story in told if story.is_contactable and story.waits_at is None]
        min(fitting, key=lambda story: abs((today - story.day).days - age)).waits_at = state


def _in_hand(casting: Casting, place: int, today: date, calendar: Calendar) -> Story:
    route, state, on_desk = _IN_HAND[place % len(_IN_HAND)]
    # What is on the desk since a working day came in the evening before it.
    day = (calendar.add_working_days(today, -on_desk) if on_desk else today) - timedelta(days=1)
    story = casting.cast(day, Ending.IN_HAND, kind="child" if route is Route.CHILD_ALONE else "individual")
    story.route, story.waits_at = route, state
    return story
