"""Puts script into every text that people and police can send, opens the pages, and waits for it to run."""

from collections.abc import Callable, Iterator
from itertools import islice, product

import pytest

from engine.entries import Entry
from tests.browser.conftest import Person, Service
from tests.browser.places import pages

pytestmark = pytest.mark.browser

ComeIn = Callable[..., Person]

_RUN = ("window.hit=1", "top.hit=1", "self['hit']=1", "(()=>hit=1)()", "eval('hit=1')", "hit=1//")
_SHAPES = (
    "<script>{}</script>",
    "<ScRiPt>{}</sCrIpT>",
    '"><script>{}</script>',
    "'><script>{}</script>",
    "</textarea><script>{}</script>",
    "</title><script>{}</script>",
    "--><script>{}</script>",
    "]]><script>{}</script>",
    "<img src=x onerror={}>",
    '"><img src=x onerror={}>',
    "<svg onload={}>",
    "<svg><script>{}</script></svg>",
    "<body onload={}>",
    "<details open ontoggle={}>",
    "<input autofocus onfocus={}>",
    '" autofocus onfocus="{}',
    "' autofocus onfocus='{}",
    '" onmouseover="{}',
    '<iframe srcdoc="<script>parent.{}</script>">',
    '<iframe src="javascript:{}">',
    '<a href="javascript:{}">x</a>',
    "javascript:{}",
    '<form action="javascript:{}"><button>x</button></form>',
    "<math><mtext><script>{}</script></mtext></math>",
    "<style onload={}></style>",
    "<link rel=stylesheet href=x onerror={}>",
    "<video><source onerror={}></video>",
    "<audio src=x onerror={}>",
    "<marquee onstart={}>",
    '<object data="javascript:{}">',
    '<embed src="javascript:{}">',
    '<meta http-equiv=refresh content="0;url=javascript:{}">',
    '<base href="javascript:{}//">',
    "{{{{constructor.constructor('{}')()}}}}",
    "{{% set x = '{}' %}}",
    "${{{}}}",
    "<%= {} %>",
    "&lt;script&gt;{}&lt;/script&gt;",
    "\\u003cscript\\u003e{}\\u003c/script\\u003e",
    "%3Cscript%3E{}%3C/script%3E",
    "<<script>{}//<</script>",
    "<script/x>{}</script>",
    "<script\n>{}</script>",
    '<noscript><p title="</noscript><script>{}</script>">',
    "<template><script>{}</script></template>",
    '<button formaction="javascript:{}">x</button>',
    "<x onclick={} autofocus tabindex=1 onfocus={}>",
    "`;{};//",
    "';{};//",
    '";{};//',
)


def payloads() -> Iterator[str]:
    """Three hundred ways of getting script into a page."""
    for shape, run in product(_SHAPES, _RUN):
        yield shape.format(run, run)


def _nothing_ran(service: Service, come_in: ComeIn, name: str, texts: list[str]) -> None:
    case = service.new_case(f"XSS-{name}")
    service.record(case, Entry("case_assigned", {"to": "rosa"}))
    for place in range(0, len(texts), 40):
        service.record(case, Entry("note_written", {"note": "\n".join(texts[place : place + 40])[:3990]}))
    rosa = come_in("rosa")
    for path in (f"/cases/{case}", f"/cases/{case}/record/entry_retracted"):
        rosa.open(path)
        assert rosa.page.evaluate("window.hit") is None, path
    for text in texts[:: max(1, len(texts) // 12)]:
        rosa.open("/search")
        for field in ("Name", "Telephone number", "Crime reference", "Case reference"):
            rosa.page.get_by_label(field, exact=True).fill(text.replace("\n", " "))
        rosa.press("Search")
        assert rosa.page.evaluate("window.hit") is None, text
        assert rosa.page.get_by_label("Name", exact=True).input_value() == text.replace("\n", " ").strip()
    assert [words for words in rosa.complaints if "Content Security Policy" in words] == []


def test_script_in_a_note_or_a_search_is_text(service: Service, come_in: ComeIn) -> None:
    """Each shape once, as it comes back on the page of the case and in a form with mistakes."""
    _nothing_ran(service, come_in, "quick", list(islice(payloads(), 0, None, len(_RUN))))


def test_script_in_the_names_that_police_send_is_text(service: Service, come_in: ComeIn) -> None:
    """Victim, place, officer and words, on the case, in the search and in the letter."""
    evil = "<img src=x onerror=window.hit=1>"
    case = service.new_case("XSS-police", victim__known_as=evil, notes=evil, officer__name=evil, officer__team=evil)
    service.record(case, Entry("case_assigned", {"to": "rosa"}), Entry("triage_completed", {"note": evil}))
    rosa = come_in("rosa")

    for path in (f"/cases/{case}", f"/cases/{case}/record", f"/cases/{case}/record/note_written", "/queue"):
        rosa.open(path)
        assert rosa.page.evaluate("window.hit") is None, path


@pytest.mark.slow
def test_three_hundred_ways_of_getting_script_into_a_page_all_stay_text(service: Service, come_in: ComeIn) -> None:
    """All of them, one after the other."""
    every = list(payloads())

    _nothing_ran(service, come_in, "whole", every)

    assert len(set(every)) == 300


_TEXTS = "input[type=text], input[type=search], input:not([type]), textarea"
_AT_ONCE = 75


@pytest.mark.slow
def test_three_hundred_ways_stay_text_in_every_text_field_there_is(service: Service, come_in: ComeIn) -> None:
    """Every page with a text field, filled in to the last one and sent: what comes back, and what it leads to."""
    every, met, fields = list(payloads()), 0, 0

    for user, paths in pages(service).items():
        person = come_in(user)
        for path in paths:
            person.open(path)
            asks = person.page.locator(f"main form:has({_TEXTS})").count()
            for place in range(0, len(every) if asks else 0, _AT_ONCE):
                met += 1
                fields += _sent(person, path, " ".join(every[place : place + _AT_ONCE]))
                assert person.page.evaluate("window.hit") is None, path
        assert [words for words in person.complaints if "Content Security Policy" in words] == [], user

    assert met > 100
    assert fields > 300


def _sent(person: Person, path: str, text: str) -> int:
    """Fill every text field of the first form that has some, send it, and give how many there were."""
    person.open(path)
    person.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    asks = person.page.locator(f"main form:has({_TEXTS})").first
    fields = [each for each in asks.locator(_TEXTS).all() if each.is_visible()]
    for each in fields:
        each.fill(text)
    button = asks.locator("button[type=submit], button:not([type])").first
    if button.count():
        button.click()
        person.page.wait_for_load_state("domcontentloaded")
    return len(fields)
