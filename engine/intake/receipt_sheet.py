"""Writes the receipt of a file as XLSX: what became of each record, and every gap and fault with its remedy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

_COUNTS = ("received", "accepted", "accepted_with_gaps", "duplicate", "rejected")
_ROWS = ("row", "submission", "status", "case", "receipt", "characteristics", "informed choice", "gaps", "faults")
_FAULTS = ("row", "submission", "gap or fault", "place", "rule", "what to do")


def write_receipt_xlsx(receipt: Mapping[str, Any], file: Path | BinaryIO) -> None:
    """The receipt with a sheet of records, one of gaps and faults, and one of the whole; every text stays text."""
    import xlsxwriter

    # Whatever a cell begins with (= + - @ tab, new line), it is written as text and never as a formula or a link.
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(file if not isinstance(file, Path) else str(file), safe) as book:
        head = book.add_format({"bold": True})
        whole, records, faults = (book.add_worksheet(name) for name in ("receipt", "records", "gaps and faults"))
        for row, name in enumerate(_COUNTS):
            whole.write_string(row, 0, name.replace("_", " "), head)
            whole.write_number(row, 1, receipt[name])
        for row, problem in enumerate(receipt["problems"], len(_COUNTS) + 1):
            for place, cell in enumerate((problem["path"] or "the file", problem["rule"], problem["remedy"])):
                whole.write_string(row, place, cell)
        for place, name in enumerate(_ROWS):
            records.write_string(0, place, name, head)
        for place, name in enumerate(_FAULTS):
            faults.write_string(0, place, name, head)
        line = 0
        for number, each in enumerate(receipt["rows"], 1):
            submission, shares = each["submission_id"] or "", each["completeness"]
            records.write_number(number, 0, number)
            for place, cell in enumerate(
                (submission, each["status"], each["case_reference"] or "", each["receipt_id"]), 1
            ):
                records.write_string(number, place, cell)
            for place, share in ((5, shares["characteristics"]), (6, shares["informed_choice"])):
                if share is not None:
                    records.write_number(number, place, share)
            records.write_number(number, 7, len(each["gaps"]))
            records.write_number(number, 8, len(each["errors"]))
            for what, problem in [*(("fault", p) for p in each["errors"]), *(("gap", p) for p in each["gaps"])]:
                line += 1
                faults.write_number(line, 0, number)
                for place, cell in enumerate(
                    (submission, what, problem["path"], problem["rule"], problem["remedy"]), 1
                ):
                    faults.write_string(line, place, cell)
        for sheet, widths in ((whole, (22, 24, 70)), (records, (6, 24, 20, 14, 24)), (faults, (6, 24, 12, 36, 24, 80))):
            for place, width in enumerate(widths):
                sheet.set_column(place, place, width)
