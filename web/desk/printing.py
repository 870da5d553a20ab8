"""Shows what waits for the printer and the files made for it, and who checked the words that are not in English."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from engine.accounts import practitioners
from engine.checking_words import check_words, translated_words
from engine.delivery.printing import PrintingFailed
from engine.errors import WrongInput
from engine.print_batches import batches, print_batch, waiting
from web import words
from web.access import actor, form, house_of, text
from web.pages import page, see_other
from workflow.london import written_day
from workflow.reasons import TONGUES

router = APIRouter(include_in_schema=False)

_STATES = {
    "missing": words.Tag("No words yet", "grey"),
    "unchecked": words.Tag("Not checked", "orange"),
    "changed": words.Tag("Changed since it was checked", "orange"),
    "checked": words.Tag("Checked", "green"),
}


@router.get("/batches")
def batches_page(request: Request) -> Response:
    """What lies ready for the printer, and every file made for it."""
    house = house_of(request)
    names = dict(practitioners(house))
    return page(
        request,
        "batches.html",
        waiting=len(waiting(house)),
        batches=[(each, words.person(each.by, names), words.moment(each.made_at)) for each in batches(house)],
        may_print=house.permissions.may(actor(request).role, "letter.approve"),
    )


@router.post("/batches")
def printing(request: Request) -> Response:
    """Bind what waits into one file."""
    house = house_of(request)
    try:
        made = print_batch(house, actor(request), house.now())
    except PrintingFailed as fault:
        raise WrongInput(str(fault)) from None
    return page(request, "batch_made.html", made=made)


@router.get("/translations")
def translations_page(request: Request) -> Response:
    """Which letters there are in another language, and who checked them."""
    house = house_of(request)
    rows = [
        (each, TONGUES[each.language], _STATES[each.state], words.day(each.checked_on) if each.checked_on else "")
        for each in translated_words(house)
    ]
    return page(
        request,
        "translations.html",
        rows=rows,
        may_check=house.permissions.may(actor(request).role, "dispatch.order"),
        letters=[
            (f"{each.kind}/{each.language}", f"{each.kind}: {each.title}")
            for each, _, _, _ in rows
            if each.state in ("unchecked", "changed")
        ],
    )


@router.post("/translations")
def checking(request: Request) -> Response:
    """That a named person checked the words of a letter."""
    house, sent = house_of(request), form(request)
    kind, _, language = text(sent, "letter").partition("/")
    day = written_day(text(sent, "checked_on"))
    if day is None:
        raise WrongInput("Give the day on which they were checked.")
    check_words(house, kind, language, text(sent, "checked_by"), day, actor(request), house.now())
    return see_other("/translations")
