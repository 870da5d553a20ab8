"""Says which entries the interventions of one crime mean for one case, beyond what its history holds already."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.entries import Entry
from workflow.case import Case
from workflow.events import Event, Fields
from workflow.london import london_day, start_of_day

BY = "feed:children"
"""In whose name the feed records."""


@dataclass(frozen=True, slots=True)
class Known:
    """One intervention as it stands, with the child's reference in this case, and as it stood before if it changed."""

    intervention_id: str
    child: str
    content: dict[str, Any]
    before: dict[str, Any] | None = None

    def day(self, name: str) -> date | None:
        """A day of it, or None."""
        return _day(self.content, name)

    def was(self, name: str) -> date | None:
        """The same day before this row changed it; None where it did not."""
        before = _day(self.before or {}, name)
        return before if before != self.day(name) else None


def _day(content: dict[str, Any], name: str) -> date | None:
    return date.fromisoformat(content[name]) if name in content else None


def owed(case: Case, known: Sequence[Known], now: datetime) -> Iterator[tuple[str, Entry]]:
    """The number of the intervention and the entry, in the order in which they are to be recorded.

    Nothing is given that stands in the history already, so that the same file again means nothing.  A day that was
    put right takes the place of the entry it was recorded under.
    """
    today = london_day(now)
    linked = {event.text("child") for event in case.of("child_linked", "child_unlinked")}
    for each in known:
        if each.child not in linked:
            linked.add(each.child)
            yield each.intervention_id, Entry("child_linked", {"child": each.child}, now)
    yield from _decided(case, known, today)
    yield from _sentences(case, known, today)
    yield from _endings(case, known, today)
    yield from _scheduled(case, known, today, now)


def _decided(case: Case, known: Sequence[Known], today: date) -> Iterator[tuple[str, Entry]]:
    said = {event.day for event in case.of("decision_made")}
    days = {each.day("decided_on") for each in known if each.content.get("outcome")}
    for each in known:
        day = each.day("decided_on")
        if day is None or day > today or not each.content.get("outcome") or day in said:
            continue
        said.add(day)
        wrong = _ours(case, "decision_made", each.was("decided_on"))
        if wrong is not None and wrong.day in days:
            wrong = None
        yield each.intervention_id, Entry("decision_made", {}, start_of_day(day), wrong.seq if wrong else None)


def _sentences(case: Case, known: Sequence[Known], today: date) -> Iterator[tuple[str, Entry]]:
    said = {(e.day, e.fields.get("custody_months"), e.fields.get("listed_offence")) for e in case.of("sentence_passed")}
    for each in known:
        day, months = each.day("decided_on"), each.content.get("custody_months")
        is_custody = each.content.get("disposal") == "custody" and each.content.get("outcome") == "made"
        if day is None or day > today or not months or not is_custody:
            continue
        # An offence that nobody has looked up is taken for a listed one: a referral too many is put right by a call.
        listed = each.content.get("listed", True)
        if (day, months, listed) in said:
            continue
        said.add((day, months, listed))
        wrong = _ours(case, "sentence_passed", _day(each.before, "decided_on")) if each.before else None
        fields: Fields = {"custody_months": months, "listed_offence": listed}
        yield each.intervention_id, Entry("sentence_passed", fields, start_of_day(day), wrong.seq if wrong else None)


def _endings(case: Case, known: Sequence[Known], today: date) -> Iterator[tuple[str, Entry]]:
    """The end of each child's programme: the day on which the last of their interventions for this crime ended."""
    for child in dict.fromkeys(each.child for each in known):
        theirs = [each for each in known if each.child == child and each.content.get("started_on")]
        ended = [(day, each) for each in theirs if (day := each.day("ended_on")) is not None and day <= today]
        said = [e for e in case.of("intervention_concluded") if e.text("child") in (child, "")]
        if not ended or len(ended) < len(theirs):
            continue
        day, last = max(ended, key=lambda pair: (pair[0], pair[1].intervention_id))
        outcome = _outcome(last)
        if any(e.day == day and (e.text("outcome") == outcome or outcome == "not_known") for e in said):
            continue
        # What a person recorded of this child's end stands, unless the day or the outcome in the export is a later one.
        wrong = next((e for e in reversed(said) if e.by == BY and (e.day == day or last.before)), None)
        fields: Fields = {"outcome": outcome, "child": child}
        yield (
            last.intervention_id,
            Entry("intervention_concluded", fields, start_of_day(day), wrong.seq if wrong else None),
        )


def _outcome(last: Known) -> str:
    """How it ended, or that nobody told us: then it counts for its quarter, and no victim is told it was completed."""
    if last.content.get("outcome") == "no_further_action":
        return "no_further_action"
    return str(last.content.get("ended_as") or "not_known")


def _scheduled(case: Case, known: Sequence[Known], today: date, now: datetime) -> Iterator[tuple[str, Entry]]:
    """The next decision that is still to be made, where it is not the one the case waits for."""
    coming = [
        (day, each)
        for each in known
        if (day := each.day("decided_on")) and day > today and each.content.get("decision")
    ]
    if not coming:
        return
    day, first = min(coming, key=lambda pair: (pair[0], pair[1].intervention_id))
    kind, waits = first.content["decision"], case.next_decision
    # A decision recorded after the one the case waits for was scheduled ends that one: a co-defendant's may be left.
    if waits is not None:
        awaited = waits.day_of("on")
        if awaited == day and waits.text("kind") == kind:
            return
        if awaited is not None and today <= awaited < day and waits.by != BY:
            return
    yield first.intervention_id, Entry("decision_scheduled", {"kind": kind, "on": day.isoformat()}, now)


def waiting(known: Sequence[Known], today: date) -> frozenset[str]:
    """The interventions that ended while another of the same child for the same crime goes on."""
    found = set()
    for each in known:
        others = [o for o in known if o.child == each.child and o is not each and o.content.get("started_on")]
        ended = each.day("ended_on")
        if ended is not None and ended <= today and any((o.day("ended_on") or date.max) > today for o in others):
            found.add(each.intervention_id)
    return frozenset(found)


def _ours(case: Case, kind: str, day: date | None) -> Event | None:
    """The standing entry of a kind that this feed recorded for a day."""
    return next((event for event in case.of(kind) if event.by == BY and event.day == day), None) if day else None
