"""Reads rules from plain tables, and refuses what is unknown, missing or contradictory at its exact place."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from workflow.code import (
    Applies,
    BadRule,
    Edition,
    Limit,
    LimitKind,
    Match,
    NotModelled,
    Reminds,
    Rule,
    Rulebook,
    Source,
)
from workflow.duty_matches import Matches, Table
from workflow.vocabulary import Owner, Purpose

_ID = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_COUNTED = (LimitKind.WORKING_DAYS, LimitKind.CALENDAR_DAYS, LimitKind.CALENDAR_MONTHS, LimitKind.BEFORE)
_Choice = TypeVar("_Choice", bound=StrEnum)


def _one_of(table: Table, name: str, choices: type[_Choice]) -> _Choice:
    try:
        return choices(table.text(name))
    except ValueError:
        raise BadRule(f"{table.path}.{name}", f"Choose one of: {', '.join(choices)}.") from None


def _limit(table: Table, name: str, matches: Matches, begins: Iterable[Match]) -> Limit:
    if table.take(name) == "none":
        return Limit()
    inner = table.inner(name)
    kinds = [kind for kind in _COUNTED if kind in inner.value]
    if len(kinds) != 1:
        raise BadRule(inner.path, f'Give exactly one of: {", ".join(_COUNTED)}; or the word "none".')
    kind = kinds[0]
    number = inner.number(kind) or 0
    # Nought calendar days is the same day, and nought before a day is that day.
    if number == 0 and kind not in (LimitKind.BEFORE, LimitKind.CALENDAR_DAYS):
        raise BadRule(f"{inner.path}.{kind}", "Give a number of at least 1.")
    day_field = inner.text("field") if kind is LimitKind.BEFORE else ""
    if day_field:
        matches.check_day_field(begins, day_field, f"{inner.path}.field")
    notice = (inner.number("notice") or 0) if kind is LimitKind.BEFORE else 0
    limit = Limit(kind, number, day_field, inner.flag("moves"), notice)
    inner.end()
    return limit


def _applies(table: Table) -> Applies:
    if "applies" not in table.value:
        return Applies()
    inner = table.inner("applies")
    child = inner.flag("victim_is_child") if "victim_is_child" in inner.value else None
    enhanced = inner.flag("enhanced") if "enhanced" in inner.value else None
    kinds = inner.texts("victim_kind") if "victim_kind" in inner.value else None
    inner.end()
    return Applies(child, kinds, enhanced)


def _purposes(table: Table) -> tuple[str, ...]:
    named = table.texts("needs")
    if not set(named) <= set(Purpose):
        raise BadRule(f"{table.path}.needs", f"Choose from: {', '.join(Purpose)}.")
    return named


def _reminds(table: Table, default: Reminds) -> Reminds:
    if "reminds" not in table.value:
        return default
    inner = table.inner("reminds")
    ladder = Reminds(
        soon=inner.number("soon"),
        due=inner.flag("due") if "due" in inner.value else True,
        chase=inner.number("chase"),
        liaison=inner.number("liaison"),
        manager=inner.number("manager"),
    )
    inner.end()
    return ladder


def _rule(value: object, path: str, source: Source, matches: Matches, ladder: Reminds) -> Rule:
    table = Table(value, path)
    rule_id = table.text("id")
    if not _ID.issuperset(rule_id):
        raise BadRule(f"{path}.id", "Name it in small letters, digits and - only.")
    table.path = path = rule_id
    begins = matches.of(table, "begins")
    if not begins:
        raise BadRule(f"{path}.begins", "Say which event begins the duty.")
    enhanced = _limit(table, "enhanced", matches, begins) if "enhanced" in table.value else None
    extended = _limit(table, "extended", matches, begins) if "extended" in table.value else None
    rule = Rule(
        id=rule_id,
        source=source,
        right=table.text("right", required=source is Source.VICTIMS_CODE),
        paragraph=table.text("paragraph"),
        title=table.text("title"),
        duty=table.text("duty"),
        owner=_one_of(table, "owner", Owner),
        begins=begins,
        told=matches.of(table, "told"),
        clock=table.text("clock", required=False) or "at",
        cut_off=table.number("cut_off"),
        limit=_limit(table, "limit", matches, begins),
        enhanced=enhanced,
        extended=extended,
        extended_by=matches.of(table, "extended_by"),
        met_by=matches.of(table, "met_by"),
        met_from=_limit(table, "met_from", matches, begins) if "met_from" in table.value else None,
        earlier_counts=table.flag("earlier_counts"),
        needless_with=matches.of(table, "needless_with"),
        needs=_purposes(table),
        lapses_on=matches.of(table, "lapses_on"),
        pauses=matches.of(table, "pauses"),
        resumes=matches.of(table, "resumes"),
        repeats=table.flag("repeats", default=True),
        superseded=table.flag("superseded"),
        per=table.text("per", required=False),
        silence_counts=table.flag("silence_counts"),
        applies=_applies(table),
        status=table.text("status"),
        citation=table.text("citation", required=source is not Source.LOCAL),
        basis=table.text("basis", required=source is Source.LOCAL),
        covers=table.texts("covers"),
        reminds=_reminds(table, ladder),
    )
    table.end()
    _check(rule)
    return rule


def _check(rule: Rule) -> None:
    if rule.status not in ("verified", "unverified"):
        raise BadRule(f"{rule.id}.status", "Choose one of: verified, unverified.")
    if rule.per not in ("", "child", "item"):
        raise BadRule(f"{rule.id}.per", "Choose one of: child, item; or leave it out.")
    if rule.clock not in ("at", "recorded_at"):
        raise BadRule(f"{rule.id}.clock", "Choose one of: at, recorded_at.")
    if rule.cut_off is not None and rule.cut_off > 23:
        raise BadRule(f"{rule.id}.cut_off", "Give an hour from 0 to 23.")
    if not rule.met_by:
        raise BadRule(f"{rule.id}.met_by", "Say which event is the evidence that the duty is met.")
    if bool(rule.pauses) != bool(rule.resumes):
        raise BadRule(f"{rule.id}.resumes", "Give pauses and resumes together.")
    if (rule.extended is None) != (not rule.extended_by):
        raise BadRule(f"{rule.id}.extended_by", "Give extended and extended_by together.")
    if rule.told and rule.limit.kind is LimitKind.BEFORE:
        raise BadRule(f"{rule.id}.told", "A limit before an event has no split clock.")
    if rule.enhanced is not None and rule.enhanced.kind is not rule.limit.kind:
        raise BadRule(f"{rule.id}.enhanced", "Count the enhanced limit in the same unit as the limit.")


def _day(table: Table, name: str, *, required: bool) -> date | None:
    value = table.take(name, required=required)
    if value is None or (isinstance(value, date) and type(value) is date):
        return value
    raise BadRule(f"{table.path}.{name}", "Give a day as YYYY-MM-DD, without quotes.")


def _not_modelled(value: object, path: str) -> NotModelled:
    table = Table(value, path)
    row = NotModelled(
        table.text("right", required=False), table.text("paragraph"), table.text("title"), table.text("reason")
    )
    table.end()
    return row


def edition_of(document: object) -> Edition:
    """One edition from the table of its file.

    The keys: ``edition`` (id, source, title, in_force, until, note, switched_on), ``moments``, ``groups`` (named
    lists of events), ``reminds`` (the ladder of rules that have none of their own), ``good_reasons``, ``rule`` (a
    list, keys as in ``code.Rule``) and ``not_modelled`` (a list).  Raises BadRule: the path names a rule by its id and
    counts the items of a list from 1.
    """
    table = Table(document, "")
    head = table.inner("edition")
    source = _one_of(head, "source", Source)
    switched_on = head.flag("switched_on", default=True)
    in_force, until = _day(head, "in_force", required=switched_on), _day(head, "until", required=False)
    if in_force is not None and until is not None and until <= in_force:
        raise BadRule("edition.until", "Give the first day on which it no longer counts, after in_force.")
    moments = table.words("moments")
    matches = Matches(moments, table)
    ladder = _reminds(table, Reminds())
    rules = tuple(
        _rule(value, f"rule.{place}", source, matches, ladder) for place, value in enumerate(table.items("rule"), 1)
    )
    _check_unique([rule.id for rule in rules])
    edition = Edition(
        id=head.text("id"),
        source=source,
        title=head.text("title"),
        in_force=in_force,
        until=until,
        note=head.text("note"),
        switched_on=switched_on,
        rules=rules,
        moments=moments,
        good_reasons=table.words("good_reasons"),
        not_modelled=tuple(
            _not_modelled(value, f"not_modelled.{place}") for place, value in enumerate(table.items("not_modelled"), 1)
        ),
    )
    head.end()
    table.end()
    return edition


def _check_unique(names: Sequence[str]) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise BadRule(f"{name}.id", "Use each id once.")


def rulebook_of(editions: Iterable[Edition]) -> Rulebook:
    """All editions as one rulebook, the editions of each source following each other without gap or overlap.

    Raises BadRule, its path the id of the edition, a stroke and the key.
    """
    every = tuple(editions)
    owners: dict[str, Source] = {}
    for edition in every:
        for rule in edition.rules:
            if owners.setdefault(rule.id, edition.source) is not edition.source:
                raise BadRule(f"{edition.id}/{rule.id}.id", f"{owners[rule.id]} already has a rule of that name.")
    for source in Source:
        _check_order(sorted(_in_force(every, source), key=lambda edition: edition.in_force or date.min))
    return Rulebook(tuple(sorted(every, key=lambda edition: (edition.in_force or date.max, edition.id))))


def _in_force(editions: Iterable[Edition], source: Source) -> list[Edition]:
    return [edition for edition in editions if edition.source is source and edition.switched_on]


def _check_order(editions: Sequence[Edition]) -> None:
    for earlier, later in pairwise(editions):
        if earlier.in_force == later.in_force:
            raise BadRule(f"{later.id}/edition.in_force", f"{earlier.id} begins on the same day: keep one of them.")
        if earlier.until is None or later.in_force is None or earlier.until > later.in_force:
            raise BadRule(f"{earlier.id}/edition.until", f"End it on the day on which {later.id} begins: they overlap.")
        if earlier.until < later.in_force:
            raise BadRule(
                f"{earlier.id}/edition.until", f"End it on the day on which {later.id} begins: there is a gap."
            )
