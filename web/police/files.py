"""Hands the receipt of a file to the browser as XLSX, under a name that says nothing about anybody."""

import io
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from engine.exports import TYPES
from engine.intake.receipt_sheet import write_receipt_xlsx


def receipt_file(receipt: Mapping[str, Any]) -> Response:
    """The receipt as a workbook."""
    book = io.BytesIO()
    write_receipt_xlsx(receipt, book)
    headers = {"Content-Disposition": 'attachment; filename="receipt.xlsx"'}
    return Response(book.getvalue(), media_type=TYPES["xlsx"], headers=headers)
