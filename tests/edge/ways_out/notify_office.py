"""A small GOV.UK Notify on this machine: it takes what the official client sends, and misbehaves when told to."""

import json
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TAKES_AND_IS_SILENT = "takes and is silent"
TAKES_AND_BREAKS = "takes and breaks"
IS_SILENT = "is silent"
HANGS_UP = "hangs up"
TALKS_NONSENSE = "takes and talks nonsense"
_SILENCE = 1.3


class _Counter(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        # Somebody was killed in the middle of a sentence.
        return


@dataclass
class NotifyOffice:
    """What it took, in order, each with its reference; ``ends`` are what it does with the next things sent, in order.

    An end is one of the words above, or the number of a refusal.  ``asking`` is the same for questions.
    """

    taken: list[dict[str, Any]] = field(default_factory=list)
    moments: dict[str, float] = field(default_factory=dict)
    ends: list[str | int] = field(default_factory=list)
    asking: list[int] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    _server: Any = None

    def open(self) -> None:
        """Begin to take letters and texts."""
        office = self

        class Clerk(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                office._take(self)

            def do_GET(self) -> None:
                office._tell(self)

            def log_message(self, *_: Any) -> None:
                return

        port = self._server.server_address[1] if self._server else 0
        self._server = _Counter(("127.0.0.1", port), Clerk)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        """Take nothing more."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def arrivals(self) -> Counter[str]:
        """How often each reference arrived."""
        return Counter(each["reference"] for each in self.taken)

    def says(self, reference: str, status: str) -> None:
        """From now on this is what became of it."""
        for each in self.taken:
            if each["reference"] == reference:
                each["status"] = status

    def _take(self, asked: Any) -> None:
        sent = json.loads(asked.rfile.read(int(asked.headers["Content-Length"])))
        self.keys.add(asked.headers["Authorization"].partition(" ")[0])
        end = self.ends.pop(0) if self.ends else ""
        if isinstance(end, int):
            return _answer(
                asked, end, {"errors": [{"error": "Refused", "message": f"not to {sent.get('phone_number')}"}]}
            )
        if end == IS_SILENT:
            time.sleep(_SILENCE)
            return _hang_up(asked)
        if end == HANGS_UP:
            return _hang_up(asked)
        kept = {"id": str(uuid.uuid4()), "reference": sent["reference"], "status": "created", "sent": sent}
        kept["kind"] = asked.path.rpartition("/")[2]
        self.taken.append(kept)
        self.moments.setdefault(sent["reference"], time.monotonic())
        if end == TAKES_AND_IS_SILENT:
            time.sleep(_SILENCE)
            return _hang_up(asked)
        if end == TAKES_AND_BREAKS:
            return _answer(asked, 500, {"errors": [{"error": "Exception", "message": "Internal server error"}]})
        if end == TALKS_NONSENSE:
            return _answer(asked, 201, ["hello"])
        return _answer(asked, 201, {"id": kept["id"], "reference": kept["reference"]})

    def _tell(self, asked: Any) -> None:
        if self.asking:
            return _answer(asked, self.asking.pop(0), {"errors": []})
        wanted = parse_qs(urlsplit(asked.path).query).get("reference", [""])[0]
        listed = [
            {name: each[name] for name in ("id", "reference", "status")}
            for each in reversed(self.taken)
            if each["reference"] == wanted
        ]
        return _answer(asked, 200, {"notifications": listed, "links": {}})


def _answer(asked: Any, code: int, document: Any) -> None:
    body = json.dumps(document).encode()
    asked.send_response(code)
    asked.send_header("Content-Type", "application/json")
    asked.send_header("Content-Length", str(len(body)))
    asked.end_headers()
    asked.wfile.write(body)


def _hang_up(asked: Any) -> None:
    asked.close_connection = True
    asked.connection.close()
