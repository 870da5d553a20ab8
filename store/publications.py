"""Keeps the tables that were given out, with what each of their numbers counted, and which were hidden."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlmodel import col

from store.tables import Publication, Service
from workflow.publication import Given, Table

Json = dict[str, Any]


def alone(connection: Connection, service: str) -> None:
    """Wait until nobody else gives tables out: two at a time would not know of one another."""
    connection.execute(select(col(Service.service_id)).where(col(Service.service_id) == service).with_for_update())


def given(connection: Connection, service: str) -> list[Given]:
    """Every table that was given out, the oldest first."""
    rows = connection.execute(
        select(col(Publication.tables))
        .where(col(Publication.service_id) == service)
        .order_by(col(Publication.publication_number))
    )
    return [_given(each) for (tables,) in rows for each in tables]


def give(
    connection: Connection,
    service: str,
    tables: Sequence[Given],
    *,
    name: str,
    period: str,
    by: str,
    at: datetime,
) -> None:
    """Keep tables that are given out."""
    documents = [_document(each) for each in tables]
    connection.execute(
        insert(Publication).values(service_id=service, name=name, period=period, tables=documents, by=by, given_at=at)
    )


def _document(each: Given) -> Json:
    return {
        "name": each.table.name,
        "population": each.table.population,
        "items": {label: list(items) for label, items in each.table.items.items()},
        "cells": {cell: sorted(labels) for cell, labels in each.table.cells.items()},
        "unprinted": sorted(each.table.unprinted),
        "known": sorted(each.table.known),
        "hidden": sorted(each.hidden),
    }


def _given(document: Json) -> Given:
    table = Table(
        document["name"],
        document["population"],
        document["items"],
        {cell: frozenset(labels) for cell, labels in document["cells"].items()},
        frozenset(document["unprinted"]),
        frozenset(document["known"]),
    )
    return Given(table, frozenset(document["hidden"]))
