"""Hands a report to the browser as a file, under a name that says what it is and nothing about anybody."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from engine.errors import NotFound
from engine.exports import TYPES, export
from engine.sheets import Sheet
from web.access import actor, house_of


def asked_form(request: Request) -> tuple[str, bool]:
    """The form of file that was asked for, and whether it is to be shared: unless ``for=us``, it is."""
    form = request.query_params.get("format", "csv")
    if form not in ("csv", "xlsx"):
        raise NotFound("A report is a csv or an xlsx file.")
    return form, request.query_params.get("for", "") != "us"


def file_answer(
    request: Request, sheets: Sequence[Sheet], form: str, *, name: str, period: str, shared: bool
) -> Response:
    """The tables as a download; that they were taken is kept.  Raises NotPermitted."""
    content = export(house_of(request), sheets, form, name=name, period=period, shared=shared, actor=actor(request))
    return download(content, f"{name}-{period.replace(' ', '-')}{'' if shared else '-inside'}.{form}", form)


def download(content: bytes, name: str, form: str) -> Response:
    """A file that the browser keeps instead of showing."""
    return Response(content, media_type=TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})
