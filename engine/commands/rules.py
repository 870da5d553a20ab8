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


def law() -> "tuple[Rulebook, Calendar, date]":
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
    on: Annotated[str | None, typer.Option(help="The rules in force on this day.")] = None,
    editions: Annotated[
        bool, typer.Option("--editions", help="Every edition we hold instead, in force or not.")
    ] = False,
    json: Json = False,
) -> None:
    """The rules in force: right, paragraph, limit, owner, status; or the editions they stand in."""
    from engine.commands.opening import day
    from engine.errors import WrongInput
    from engine.lawbook import not_covered, rules_on

    if editions and on is not None:
        raise WrongInput("Give --on or --editions, not both.")
    rulebook, _, today = law()
    if editions:
        _editions(rulebook, json)
        return
    asked = day(on, "--on") if on else today
    listed = rules_on(rulebook, asked)
    missing = not_covered(rulebook, asked)
    if missing:
        print(missing, file=sys.stderr)
    if json:
        as_json(listed)
    elif listed:
        columns = ("rule", "right", "paragraph", "owner", "limit", "enhanced", "status")
        rows = [[r["right"] or r["source"] if name == "right" else r[name] for name in columns] for r in listed]
        as_table("Rules in force", columns, rows)


def _editions(rulebook: "Rulebook", json: bool) -> None:
    from engine.lawbook import editions

    listed = editions(rulebook)
    if json:
        as_json(listed)
        return
    as_table(
        "Editions",
        ("edition", "source", "from", "until", "rules", "verified", "unverified", "not modelled", "what is known"),
        [
            (
                each["edition"],
                each["source"],
                each["in_force"] if each["switched_on"] else "switched off",
                each["until"],
                each["rules"],
                each["verified"],
                each["unverified"],
                each["not_modelled"],
                f"{each['title']}. {each['note']}",
            )
            for each in listed
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
    batch: Annotated[
        Path | None, typer.Option(help="JSON lines in, JSON lines out; empty lines are passed over.")
    ] = None,
    json: Json = False,
) -> None:
    """A deadline with its working: each day counted or skipped, and why. Needs no database."""
    from engine.errors import WrongInput
    from engine.lawbook import explained

    if batch is not None:
        if rule is not None or start is not None:
            raise WrongInput("Give a rule with --from, or --batch, not both.")
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
    rulebook, calendar, present = law()
    document = explained(rulebook, calendar, asked, present)
    if json:
        as_json(document)
    else:
        _print_explained(document)


def _print_explained(document: dict[str, Any]) -> None:
    print(f"{document['rule']}: {document['duty']}")
    source = (
        f"right {document['right']}, paragraph {document['paragraph']}" if document["right"] else document["paragraph"]
    )
    print(f"{source} ({document['edition']}, {document['status']}); owed by {document['owner']}; {document['limit']}")
    print(f"begins: {', or '.join(document['begins'])}; met by: {', or '.join(document['met_by'])}")
    if document["note"]:
        print(document["note"])
    verdict = document["verdict"].replace("_", " ")
    if document["due_on"] is None:
        print(f"began on {document['began_on']}; owed without a number of days, so no day is late: {verdict}")
        return
    print(f"began on {document['began_on']}, due on {document['due_on']}: {verdict}")
    if document["service_due_on"]:
        print(f"the service's own clock: told on {document['told_on']}, due on {document['service_due_on']}")
    if document["enhanced_due_on"]:
        print(f"with enhanced rights: due on {document['enhanced_due_on']}")
    if document["provisional"]:
        print("provisional: past the end of the table of bank holidays")
    as_table(
        "Working",
        ("day", "counted", "why"),
        [(each["day"], "yes" if each["counted"] else "no", each["why"]) for each in document["working"]],
    )


def _explain_batch(batch: Path) -> None:
    """One answer for each line, in the order of the file; a line that cannot be explained gets its error."""
    import json

    from engine.errors import WrongInput
    from engine.lawbook import explained

    rulebook, calendar, present = law()
    failed = False
    try:
        text = batch.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise WrongInput("The batch file cannot be read as text in UTF-8.") from None
    # Only line feeds end a line: JSON may hold the other line ends of Unicode in a string.
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            answer = explained(rulebook, calendar, _asked(line), present)
        except (ValueError, WrongInput) as fault:
            answer, failed = {"error": str(fault)}, True
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    if failed:
        raise Finished(FINDINGS)


def _asked(line: str) -> dict[str, object]:
    """What one line of a batch asks.  Raises WrongInput."""
    import json

    from engine.errors import WrongInput

    def object_of(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise WrongInput("Give each key once.")
        return found

    try:
        asked = json.loads(line, object_pairs_hook=object_of)
    except (ValueError, RecursionError):
        raise WrongInput("The line is not JSON.") from None
    if not isinstance(asked, dict) or not {"rule", "from"} <= asked.keys():
        raise WrongInput("Give each line as an object with rule and from.")
    return asked
