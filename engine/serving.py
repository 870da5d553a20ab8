"""Serves a house: pages and police interface in one process, with the clock beside them unless told not to."""

import importlib
import logging

from engine import clock
from engine.house import House


def serve_house(house: House, host: str, port: int, *, with_clock: bool) -> None:
    """Serve until stopped; prints the addresses, and on an example service the log-ins."""
    import uvicorn

    # By name, because the engine may not import what stands above it: this is where the one starts the other.
    web = importlib.import_module("web.app")
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
