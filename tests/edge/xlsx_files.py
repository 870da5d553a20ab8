"""Makes XLSX files for tests: of records, and such as only an attacker would send."""

import io
import zipfile
from collections.abc import Mapping, Sequence

import xlsxwriter

_CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OF = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="{of}/{kind}" Target="{target}"/></Relationships>'
)


def sheet_of(rows: Sequence[Sequence[object]]) -> bytes:
    """A sheet as a spreadsheet saves it: texts, numbers, days and formulas as they come."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(number, place, cell)
    return file.getvalue()


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    """A packed file with these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def crafted(sheet: bytes | str) -> bytes:
    """A workbook whose one sheet holds exactly this."""
    sheets = '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets>'
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OF}">{sheets}</workbook>'
    return packed(
        {
            "[Content_Types].xml": _CONTENT_TYPES,
            "_rels/.rels": _RELS.format(of=_OF, kind="officeDocument", target="xl/workbook.xml"),
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": _RELS.format(of=_OF, kind="worksheet", target="worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": sheet,
        }
    )
