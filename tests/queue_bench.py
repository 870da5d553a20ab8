"""Measures the team's page of the queue with fifty thousand open cases, as eight browsers ask for it at once.

Part of ``make bench``; on PostgreSQL too where the PG* environment names a server.  The service runs in a process of
its own, as it does in an office; the browsers keep their sessions and take the whole page.
"""

import http.client
import multiprocessing
import os
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import create_engine, text

from engine.accounts import add_user
from engine.house import House, open_house
from tests.conftest import NOW, PASSWORD, new_house, settings_for
from tests.edge.queue_rows import lines
from tests.edge.web_visitors import at

CASES, BROWSERS, PAGES = 50_000, 8, 25
PAGE = "/queue?view=team&whose=all"
THINKS = (("as fast as they can", 0.0), ("one page a second each", 1.0))
USERS = (("rosa", "practitioner"), ("imran", "practitioner"), ("morgan", "manager"))


def main() -> None:
    """Print a table for each database that is there."""
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", f"sqlite:///{folder}/bench.db", Path(folder))
    if "PGPORT" in os.environ:
        with tempfile.TemporaryDirectory() as folder, _database() as url:
            _measure("PostgreSQL", url, Path(folder))


def _measure(name: str, url: str, folder: Path) -> None:
    house = at(new_house(url, folder), NOW)
    for user, role in USERS:
        add_user(house, user, role, NOW, shown_as=f"{user.title()} Example", password=PASSWORD)
    lines(house, CASES)
    _analyse(house)
    house.database.dispose()
    with _served(url, folder) as port:
        cookie = _signed_in(port)
        for said, wait in THINKS:
            took = _asked_together(port, cookie, wait)
            half, last = statistics.median(took), statistics.quantiles(took, n=100)[98]
            print(
                f"{name}, team's page of {CASES} open cases, {BROWSERS} browsers, {said:<24}"
                f" p50 {half * 1000:6.0f} ms   p99 {last * 1000:6.0f} ms"
            )


def _analyse(house: House) -> None:
    with house.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _asked_together(port: int, cookie: str, wait: float) -> list[float]:
    took: list[float] = []

    def browse(number: int) -> None:
        # Nobody begins at the same moment as anybody else.
        time.sleep(number * wait / BROWSERS)
        line = http.client.HTTPConnection("127.0.0.1", port)
        for _ in range(PAGES):
            begun = time.perf_counter()
            line.request("GET", PAGE, headers={"Cookie": cookie})
            answer = line.getresponse()
            answer.read()
            took.append(time.perf_counter() - begun)
            assert answer.status == 200, answer.status
            time.sleep(wait)

    browsers = [threading.Thread(target=browse, args=(number,)) for number in range(BROWSERS)]
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join()
    return took


def _signed_in(port: int) -> str:
    line = http.client.HTTPConnection("127.0.0.1", port)
    form = urlencode({"user": "morgan", "password": PASSWORD})
    line.request("POST", "/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = line.getresponse()
    answer.read()
    return str(answer.headers["Set-Cookie"]).partition(";")[0]


def _serve(url: str, folder: str, port: int) -> None:
    import uvicorn

    from web.app import build

    app = build(at(open_house(settings_for(url, Path(folder))), NOW), secure_cookies=False, clock_runs=False)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


@contextmanager
def _served(url: str, folder: Path) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    service = multiprocessing.get_context("spawn").Process(target=_serve, args=(url, str(folder), port), daemon=True)
    service.start()
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield port
    service.terminate()
    service.join()


@contextmanager
def _database() -> Iterator[str]:
    name = f"bench_{os.getpid()}"
    server = create_engine("postgresql+psycopg://", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield f"postgresql:///{name}"
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


if __name__ == "__main__":
    main()
