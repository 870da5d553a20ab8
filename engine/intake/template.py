"""Makes the empty police file: every column with its explanation, and in XLSX the allowed values to choose from."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from engine.intake.columns import bare
from engine.intake.csv_rows import EXPLANATION
from engine.intake.record import ConsentRecord

ROWS = 1000
"""How many rows of the empty sheet offer the allowed values."""
_ITEMS = {"incident.children": 2, "incident.offences": 2, "incident.contact_conditions": 1, "victim.phones": 2}
_REFUSED_WITHOUT = {
    "submission_id": "always",
    "force": "always",
    "reason": "always",
    "submitted_at": "always",
    "officer.name": "always",
    "officer.email": "this or officer.phone",
    "officer.phone": "this or officer.email",
    "incident.crime_reference": "always; a withdrawal may name the victim instead",
    "victim.kind": "always",
    "victim.family_name": "this or victim.given_name, unless an organisation",
    "victim.organisation.name": "for an organisation",
    "victim.organisation.contact_name": "for an organisation",
    "victim.guardian.name": "for a victim under 16",
    "consent.decision": "always; a blank is refused",
    "consent.model": "always",
    "consent.given_by": "for a yes",
    "consent.given_on": "for a yes",
    "consent.method": "for a yes",
    "consent.told_on": "for not_objected",
    "consent.withdrawal.on": "for a withdrawal",
    "consent.withdrawal.part": "for a withdrawal",
}
_SAYS: dict[str, str] = {
    "submission_id": "Your own number for this record; the same number with the same content is taken once.",
    "force": "The name of your force as agreed with the service.",
    "reason": "Why you send it: a new record, an update, the victim asked again, a withdrawal, a correction.",
    "submitted_at": "The moment you send it, with Z or an offset: 2026-11-20T09:30:00Z.",
    "incident.contact_conditions": "Leave the cell empty if someone looked and there are none.",
    "safety.risks": "Leave the cell empty if someone looked and there are none.",
    "safety.must_not_know": "Leave the cell empty if someone looked and there is nobody.",
    "safety.do_not_contact_times": "Leave the cell empty if someone asked and there are none.",
    "needs.formats": "Leave the cell empty if any format will do.",
    "consent.decision": "What the victim said. not_asked is an answer, a blank is not.",
    "consent.given_on": "The day the victim answered.",
    "consent.told_on": "In opt-out forces: the day the victim was told and did not object.",
    "victim.date_of_birth": "Until it is known the victim is treated as a child.",
    "victim.guardian.is_suspect": "A guardian who is or may be a suspect is not written to.",
    "notes": "For the worker. Nothing about the case that the victim has not been told.",
}
_KINDS = {"flag": "true or false", "number": "a whole number", "list": "several, with | between them"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the empty file: its name, what it holds, its allowed values, and when it must be there."""

    name: str
    says: str
    form: str
    values: tuple[str, ...]
    refused_without: str

    @property
    def words(self) -> str:
        """Everything about the column in a few sentences."""
        needed = (
            f"Refused without it: {self.refused_without}." if self.refused_without else "Taken without it, as a gap."
        )
        values = f" One of: {', '.join(self.values)}." if self.values else ""
        return f"{self.says} Form: {self.form}.{values} {needed}"


@cache
def columns() -> tuple[Column, ...]:
    """Every column of the empty file, in the order of the record."""
    return tuple(_of(ConsentRecord, ""))


def _of(part: type[BaseModel], above: str) -> Iterator[Column]:
    for field_name, field in part.model_fields.items():
        name = f"{above}{field.alias or field_name}"
        inner = bare(field.annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _of(inner, f"{name}.")
        elif get_origin(inner) is tuple:
            item = bare(get_args(inner)[0])
            if isinstance(item, type) and issubclass(item, BaseModel):
                if name in _SAYS:
                    yield _column(name, inner, "table")
                for number in range(1, _ITEMS.get(name, 1) + 1):
                    yield from _of(item, f"{name}.{number}.")
            else:
                yield _column(name, item, "list")
        else:
            yield _column(name, inner, "flag" if inner is bool else "number" if inner is int else "text")


def _column(name: str, inner: Any, kind: str) -> Column:
    values: tuple[str, ...] = ()
    if get_origin(inner) is Literal:
        values = tuple(str(value) for value in get_args(inner))
    elif isinstance(inner, type) and hasattr(inner, "__members__"):
        values = tuple(str(value) for value in inner.__members__.values())
    elif kind == "flag":
        values = ("true", "false")
    last = name.rpartition(".")[2]
    is_day = last in ("on", "from", "to", "date_of_birth") or last.endswith("_on")
    form = "a day as YYYY-MM-DD" if is_day else _KINDS.get(kind, "one of the values" if values else "text")
    if kind == "table":
        form = "an empty cell, or columns for each item"
    return Column(name, _SAYS.get(name, _plain(name)), form, values, _REFUSED_WITHOUT.get(name, ""))


def _plain(name: str) -> str:
    words = " ".join(step for step in name.replace("_", " ").split(".") if not step.isdigit())
    return f"{words.capitalize()}."


def template_csv() -> str:
    """The empty file as CSV: a row of column names, and one that explains each of them, which is never a record."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(column.name for column in columns())
    first, *others = (column.words for column in columns())
    rows.writerow((f"{EXPLANATION}; leave it or take it out. {first}", *others))
    return text.getvalue()


def write_template_xlsx(file: Path) -> None:
    """The empty file as XLSX: a sheet of records with drop-downs, and a sheet that explains every column."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head, wrapped = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
        needed = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#FFF2CC"})
        text = book.add_format({"num_format": "@"})
        records, words, lists = (book.add_worksheet(name) for name in ("records", "columns", "values"))
        records.freeze_panes(1, 3)
        for place, column in enumerate(columns()):
            records.set_column(place, place, max(14, len(column.name) + 2), text)
            records.write_string(0, place, column.name, needed if column.refused_without else head)
            records.write_comment(0, place, column.words, {"x_scale": 2, "y_scale": 1.5})
            if column.values and column.form != _KINDS["list"]:
                lists.write_column(0, place, column.values)
                letters = xlsxwriter.utility.xl_col_to_name(place)
                source = f"=values!${letters}$1:${letters}${len(column.values)}"
                choice = {"validate": "list", "source": source, "error_title": column.name[:32]}
                records.data_validation(
                    1, place, ROWS, place, {**choice, "error_message": "Choose a value of the list."}
                )
        for row, line in enumerate(_explained(), 0):
            for place, cell in enumerate(line):
                words.write_string(row, place, cell, head if row == 0 else wrapped)
        words.set_column(0, 0, 44)
        words.set_column(1, 4, 40)
        words.freeze_panes(1, 1)
        lists.hide()


def _explained() -> Iterator[tuple[str, ...]]:
    yield ("column", "what it holds", "form", "allowed values", "refused without it")
    for each in columns():
        yield (each.name, each.says, each.form, " | ".join(each.values), each.refused_without)
