"""Uses a page as people do: with the mouse, or with nothing but the keyboard."""

from collections.abc import Callable
from datetime import date

from playwright.sync_api import Locator, Page

_MOST_STOPS = 260
"""How often Tab is pressed before something is called out of reach; more stops than any page has."""

# Whether what has the focus can be seen: inside the window, and not covered by something else.
_IS_SEEN = """(wanted) => {
    const at = document.activeElement, box = at.getBoundingClientRect()
    if (at === document.body) return [false, true]
    const middle = [box.left + Math.min(box.width, 600) / 2, box.top + Math.min(box.height, 40) / 2]
    const top = document.elementFromPoint(...middle)
    const seen = top !== null && (at.contains(top) || top.contains(at) || (at.labels && [...at.labels].includes(top)))
    return [at === wanted, seen]
}"""


class Mouse:
    """Points and clicks, and types into what it clicked."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, name: str, within: str = "body") -> None:
        """Press a button or follow a link by its name, and wait for the page behind it."""
        wanted = self._button(name, within)
        self._leave(lambda: wanted.click())

    def choose(self, question: str, answer: str) -> None:
        """Choose one answer to a question, or tick one of its boxes."""
        self._answer(question, answer).click()

    def tick(self, label: str) -> None:
        """Tick a box that stands by itself."""
        self.page.get_by_label(label).click()

    def write(self, label: str, words: str) -> None:
        """Write into a field."""
        self.page.get_by_label(label, exact=True).click()
        self.page.keyboard.type(words)

    def give_day(self, question: str, day: date) -> None:
        """Write a day into its three boxes; what stands there gives way."""
        for part, box in self._boxes(question, day):
            box.click(click_count=3)
            self.page.keyboard.type(part)

    def unfold(self, name: str) -> None:
        """Open what is folded."""
        self._folded(name).click()

    def _folded(self, name: str) -> Locator:
        return self.page.locator("summary").filter(has_text=name).first

    def _button(self, name: str, within: str) -> Locator:
        place = self.page.locator(within)
        either = place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name))
        return either.first

    def _answer(self, question: str, answer: str) -> Locator:
        return self.page.get_by_role("group", name=question).get_by_label(answer, exact=True)

    def _boxes(self, question: str, day: date) -> list[tuple[str, Locator]]:
        group = self.page.get_by_role("group", name=question)
        parts = (("Day", day.day), ("Month", day.month), ("Year", day.year))
        return [(str(number), group.get_by_label(name, exact=True)) for name, number in parts]

    def _leave(self, deed: Callable[[], None]) -> None:
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            deed()


class Keyboard(Mouse):
    """Tab, arrows, Space and Enter; ``hidden`` are the places where the focus was and nobody could see it."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.hidden: list[str] = []

    def press(self, name: str, within: str = "body") -> None:
        """Go to it, and press Enter."""
        self._go_to(self._button(name, within))
        self._leave(lambda: self.page.keyboard.press("Enter"))

    def choose(self, question: str, answer: str) -> None:
        """Go to the question; go from answer to answer with the arrow, or tick with Space."""
        wanted = self._answer(question, answer)
        group = self.page.get_by_role("group", name=question)
        if wanted.get_attribute("type") == "checkbox":
            self._go_to(wanted)
            self.page.keyboard.press("Space")
            return
        chosen = group.locator("input:checked")
        first = chosen if chosen.count() else group.get_by_role("radio").first
        self._go_to(first)
        self.page.keyboard.press("Space")
        for _ in range(group.get_by_role("radio").count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{answer} is not reached by the arrow.")

    def tick(self, label: str) -> None:
        """Go to it, and press Space."""
        self._go_to(self.page.get_by_label(label))
        self.page.keyboard.press("Space")

    def write(self, label: str, words: str) -> None:
        """Go to the field, and type."""
        self._go_to(self.page.get_by_label(label, exact=True))
        self.page.keyboard.type(words)

    def give_day(self, question: str, day: date) -> None:
        """Go from box to box; coming by Tab selects what stands there."""
        for part, box in self._boxes(question, day):
            self._go_to(box)
            self.page.keyboard.type(part)

    def unfold(self, name: str) -> None:
        """Go to it, and press Enter."""
        self._go_to(self._folded(name))
        self.page.keyboard.press("Enter")

    def _go_to(self, wanted: Locator) -> None:
        place = wanted.element_handle()
        inside = self.page.query_selector("main")
        is_below = inside is not None and inside.evaluate("(main, to) => main.contains(to)", place)
        if is_below and self.page.evaluate("document.activeElement === document.body"):
            self._skip()
        for _ in range(_MOST_STOPS):
            self.page.keyboard.press("Tab")
            is_there, is_seen = self.page.evaluate(_IS_SEEN, place)
            if not is_seen:
                self.hidden.append(self.page.evaluate("document.activeElement.outerHTML").split(">")[0])
            if is_there:
                return
        raise AssertionError(f"{wanted} is not reached by Tab on {self.page.url}.")

    def _skip(self) -> None:
        """Past the head of the page by its skip link, as somebody does who has only the keyboard."""
        self.page.keyboard.press("Tab")
        if "skip" in str(self.page.evaluate("document.activeElement.className")):
            self.page.keyboard.press("Enter")
