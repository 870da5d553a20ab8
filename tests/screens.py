"""Makes the pictures of the README from the example service, as its practitioner, its manager and its officer see it.

Run it with ``make screens``.  The simulated year, its moment and its codes come from a seed, so that the same tree
gives the same pictures but for the fonts of the machine.
"""

import io
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "screens"
LARGEST = 150 * 1024
"""Bytes of one picture."""
CASES, SEED, MOMENT = 202, 2024, "2026-11-20T10:00:00Z"
"""What `make run` makes the example service of, and the moment at which the year ends."""
_WIDTH, _COLOURS, _HEAD = 1100, 96, 300
"""Pixels, colours, and room for the head of a page, which is left out."""


@dataclass(frozen=True)
class Screen:
    """A picture: its file, whose page it shows, how high it is, and what it says to those who do not see it.

    A path of ``case`` is the first case of that person's queue.
    """

    name: str
    user: str
    path: str
    height: int
    alt: str

    @property
    def file(self) -> str:
        """Where the picture stands, seen from the README."""
        return f"docs/screens/{self.name}.png"


SCREENS = (
    Screen(
        "queue",
        "rosa",
        "/queue",
        760,
        "The queue of a practitioner: one line a case with what to do, why and by when, the most urgent first, under "
        "tabs for mine, team, nobody has them, on hold, waiting on others and done today.",
    ),
    Screen(
        "case",
        "rosa",
        "case",
        1000,
        "A case: the name, then which channels are safe, then the next step with its button and the short form for a "
        "call, then the journey drawn as seven stages with a flag that says: you are here.",
    ),
    Screen(
        "week",
        "rosa",
        "/queue/week",
        900,
        "My week: what is arranged today, a bar for what falls due on each of the next ten working days with its table "
        "beside it, and how this worker keeps the Code.",
    ),
    Screen(
        "compliance",
        "morgan",
        "/compliance",
        760,
        "A manager’s figures: for each rule how often it was met in time, what is overdue and what still runs, each "
        "number a link to the cases behind it.",
    ),
    Screen(
        "funnel",
        "morgan",
        "/funnel",
        900,
        "The funnel: a bar for each step from referral to completed work, above a table that says why cases went no "
        "further.",
    ),
    Screen(
        "officer",
        "sergeant",
        "/police",
        820,
        "An officer’s page: what the service asks the force, a button to fill in a record, and what was sent last with "
        "what became of it.",
    ),
)


def main() -> None:
    """Make every picture anew, and say how large each is."""
    from engine.example import log_ins
    from tests.browser.conftest import FLAGS

    password = {name: word for name, _, word in log_ins()}
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _served() as address:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            for screen in SCREENS:
                tab = browser.new_page(viewport={"width": _WIDTH, "height": screen.height + _HEAD})
                tab.goto(f"{address}/sign-in")
                tab.get_by_label("User name").fill(screen.user)
                tab.get_by_label("Password", exact=True).fill(password[screen.user])
                tab.get_by_role("button", name="Sign in").click()
                tab.wait_for_url(lambda url: "/sign-in" not in url)
                if screen.path == "case":
                    tab.goto(f"{address}/queue?view=mine")
                    tab.goto(address + str(tab.locator('td a[href^="/cases/"]').first.get_attribute("href")))
                else:
                    tab.goto(address + screen.path)
                top = float(tab.evaluate("document.querySelector('main').getBoundingClientRect().top"))
                part: FloatRect = {"x": 0, "y": top, "width": _WIDTH, "height": screen.height}
                picture = _small(tab.screenshot(clip=part))
                (ROOT / screen.file).write_bytes(picture)
                print(f"{screen.file}: {len(picture) // 1024} KB")
                tab.close()
            browser.close()


def _small(picture: bytes) -> bytes:
    """The picture with as many colours as a page has, which makes it a third as large."""
    from PIL import Image

    small = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(_COLOURS).save(small, "PNG", optimize=True)
    return small.getvalue()


@contextmanager
def _served() -> Iterator[str]:
    """The example service in a folder of its own, on a free port of this machine."""
    import uvicorn

    from engine.settings import read_settings
    from engine.simulate import simulate_service
    from web.app import build

    with tempfile.TemporaryDirectory() as folder:
        here = {
            "VICTIM_CONTACT_DATABASE": f"sqlite:///{folder}/example.db",
            "VICTIM_CONTACT_OUT": f"{folder}/out",
            "VICTIM_CONTACT_KEY_FILE": f"{folder}/key",
            "VICTIM_CONTACT_NOW": MOMENT,
        }
        house, told = simulate_service(read_settings(here), CASES, SEED, lambda done, whole: None)
        print(told)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        app = build(house, secure_cookies=False, clock_runs=False)
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(10)
        house.database.dispose()


if __name__ == "__main__":
    main()
