"""The commands that show the law: rules and explain."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.commands.shown import FINDINGS, Finished, as_json, as_table, guarded

if TYPE_CHECKING:
    from datetime import date

    from workflow.calendar import Calendar
    from workflow.code import Rulebook

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def _law() -> "tuple[Rulebook, Calendar, date]":
    """The rules, the calendar and today, without any database."""
    from engine.moment import present
    from engine.rulebook import load_rulebook
    from engine.settings import read_settings
    from workflow.london import london_day

    settings = read_settings()
    rulebook, calendar = load_rulebook(settings.config)
    return rulebook, calendar, london_day(present(settings.rehearsal, settings.is_example))


@guarded
def rules(
    on: Annotated[str | None, typer.Option(help="The rules in force on this day.")] = None, json: Json = False
) -> None:
    """The rules in force: right, paragraph, limit, owner, status."""
    from engine.commands.opening import day

    rulebook, _, today = _law()
    listed: list[dict[str, Any]] = [
        {
            "rule": rule.id,
            "edition": rulebook.edition_of(rule.id, day(on, "--on") if on else today).id,
            "source": str(rule.source),
            "right": rule.right or None,
            "paragraph": rule.paragraph,
            "duty": rule.duty,
            "owner": str(rule.owner),
            "limit": rule.limit.words,
            "enhanced": rule.enhanced.words if rule.enhanced else None,
            "status": rule.status,
            "citation": rule.citation or None,
            "basis": rule.basis or None,
        }
        for rule in rulebook.rules_on(day(on, "--on") if on else today)
    ]
    if json:
        as_json(listed)
        return
    as_table(
        "Rules in force",
        ("rule", "right", "paragraph", "owner", "limit", "enhanced", "status"),
        [
            (
                r["rule"],
                r["right"] or r["source"],
                r["paragraph"],
                r["owner"],
                r["limit"],
                r["enhanced"] or "",
                r["status"],
            )
            for r in listed
        ],
    )


@guarded
def explain(
    rule: Annotated[str | None, typer.Argument(help="The rule, as `rules` lists it.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="The day of the trigger.")] = None,
    told: Annotated[str | None, typer.Option(help="The day the service was told.")] = None,
    enhanced: Annotated[bool, typer.Option("--enhanced", help="Enhanced rights from the start.")] = False,
    enhanced_from: Annotated[str | None, typer.Option(help="The day from which enhanced rights are known.")] = None,
    today: Annotated[str | None, typer.Option(help="Judge it on this day.")] = None,
    batch: Annotated[Path | None, typer.Option(help="JSON lines in, JSON lines out.")] = None,
    json: Json = False,
) -> None:
    """A deadline with its working: each day counted or skipped, and why. Needs no database."""
    from engine.errors import WrongInput

    if batch is not None:
        _explain_batch(batch)
        return
    if rule is None or start is None:
        raise WrongInput("Give a rule and --from DAY.")
    asked = {
        "rule": rule,
        "from": start,
        "told": told,
        "enhanced": enhanced,
        "enhanced_from": enhanced_from,
        "today": today,
    }
    rulebook, calendar, present = _law()
    document = _explained(rulebook, calendar, asked, present)
    if json:
        as_json(document)
        return
    print(f"{document['rule']}: {document['duty']}")
    source = (
        f"right {document['right']}, paragraph {document['paragraph']}" if document["right"] else document["paragraph"]
    )
    print(f"{source} ({document['edition']}, {document['status']}); owed by {document['owner']}; {document['limit']}")
    print(f"began on {document['began_on']}, due on {document['due_on'] or 'no day'}: {document['verdict']}")
    if document["service_due_on"]:
        print(f"the service's own clock: due on {document['service_due_on']}")
    if document["enhanced_due_on"]:
        print(f"with enhanced rights: due on {document['enhanced_due_on']}")
    if document["provisional"]:
        print("provisional: past the end of the table of bank holidays")
    as_table(
        "Working",
        ("day", "counted", "why"),
        [(each["day"], "yes" if each["counted"] else "no", each["why"]) for each in document["working"]],
    )


def _explained(rulebook: "Rulebook", calendar: "Calendar", asked: dict[str, Any], present: "date") -> dict[str, Any]:
    from engine.commands.opening import day
    from workflow.explain import explain as worked_out

    def optional(name: str) -> "date | None":
        return day(str(asked[name]), name) if asked.get(name) else None

    return worked_out(
        rulebook,
        calendar,
        str(asked["rule"]),
        day(str(asked["from"]), "from"),
        told=optional("told"),
        enhanced=asked.get("enhanced") is True,
        enhanced_from=optional("enhanced_from"),
        today=optional("today") or present,
    )


def _explain_batch(batch: Path) -> None:
    """One answer for each line, in the order of the file; a line that cannot be explained gets its error."""
    import json

    from engine.errors import WrongInput

    rulebook, calendar, present = _law()
    failed = False
    try:
        lines = batch.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise WrongInput("The batch file cannot be read as text in UTF-8.") from None
    for line in lines:
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            if not isinstance(asked, dict) or not {"rule", "from"} <= asked.keys():
                raise WrongInput("Give each line as an object with rule and from.")
            answer = _explained(rulebook, calendar, asked, present)
        except json.JSONDecodeError:
            answer, failed = {"error": "The line is not JSON."}, True
        except (ValueError, WrongInput) as fault:
            answer, failed = {"error": str(fault)}, True
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    if failed:
        raise Finished(FINDINGS)
