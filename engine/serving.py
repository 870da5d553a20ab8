"""Serves a house: pages and police interface in one process, with the clock beside them unless told not to."""

import importlib
import logging
import socket

from engine import clock
from engine.errors import WrongInput
from engine.house import House


def serve_house(house: House, host: str, port: int, *, with_clock: bool) -> None:
    """Serve until stopped; prints the addresses, and on an example service the log-ins."""
    import uvicorn

    # By name, because the engine may not import what stands above it: this is where the one starts the other.
    web = importlib.import_module("web.app")
    _must_be_free(host, port)
    is_local = host in ("127.0.0.1", "localhost", "::1")
    app = web.build(house, secure_cookies=not is_local)
    ticking = clock.start(house) if with_clock else None
    print(f"Serving {house.settings.service_name} on http://{host}:{port}")
    if house.is_example:
        from engine.example import log_ins

        for name, role, password in log_ins():
            print(f"  sign in as {name} ({role}) with the password: {password}")
    logging.getLogger("uvicorn.access").disabled = True
    try:
        uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
    finally:
        if ticking is not None:
            ticking.shutdown(wait=False)


def _must_be_free(host: str, port: int) -> None:
    """Raise WrongInput where another program listens there already, before anything is promised."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise WrongInput(f"Nothing can listen on {host} port {port}: choose another with --port.") from None
