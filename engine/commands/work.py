"""The commands of the daily work: import, queue, case, record, events, letters, letter."""

from pathlib import Path
from typing import Annotated

import typer

from engine.commands.shown import FINDINGS, Finished, as_json, as_table, guarded, progress

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
As = Annotated[str | None, typer.Option("--as", help="The user in whose name.")]


@guarded
def import_file(
    file: Annotated[Path, typer.Argument(help="Consent records: JSON, JSON lines, CSV or XLSX.")],
    force: Annotated[str, typer.Option(help="The force that sent it.")],
    profile: Annotated[
        str | None,
        typer.Option(help="How the force writes its tables: a file of config/police. Else that of its name."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen and keep nothing.")] = False,
    receipt_file: Annotated[Path | None, typer.Option("--receipt", help="Write the receipt to this XLSX file.")] = None,
    json: Json = False,
) -> None:
    """Take in a file of police consent records and print the receipt."""
    from engine.commands.opening import house
    from engine.completing import with_links
    from engine.intake.importing import import_records

    opened = house()
    with progress("Records") as tell:
        receipt = import_records(opened, file, force, opened.now(), profile=profile, dry_run=dry_run, tell=tell)
    if not dry_run:
        address = opened.settings.digest.address
        receipt["rows"] = with_links(opened, force, receipt["rows"], address, opened.now())
    if receipt_file is not None:
        from engine.intake.receipt_sheet import write_receipt_xlsx

        write_receipt_xlsx(receipt, receipt_file)
    if json:
        as_json(receipt)
    else:
        counts = ("received", "accepted", "accepted_with_gaps", "duplicate", "rejected")
        print(", ".join(f"{name.replace('_', ' ')} {receipt[name]}" for name in counts))
        for problem in receipt["problems"]:
            print(f"  the file: {problem['path'] + ': ' if problem['path'] else ''}{problem['remedy']}")
        for number, row in enumerate(receipt["rows"], start=1):
            for problem in row["errors"]:
                print(f"  record {number}: {problem['path']}: {problem['remedy']}")
    if receipt["rejected"] or receipt["problems"]:
        raise Finished(FINDINGS)


@guarded
def case(reference: str, user: As = None, json: Json = False) -> None:
    """A case: journey, tracks, duties with their working, history."""
    from engine.commands.opening import acting, house
    from engine.desk import case_document, open_file

    opened = house(user)
    file = open_file(opened, reference, acting(opened, user), opened.now())
    document = case_document(opened, file)
    if json:
        as_json(document)
        return
    action = document["next_action"]
    print(f"{document['case']}: {document['state'].replace('_', ' ')} (stage: {document['stage']})")
    print("next: " + (f"{action['reason']} By {action['due_on']}." if action else "nothing; the case is closed."))
    print("tracks: " + ", ".join(f"{name} {state}" for name, state in document["tracks"].items()))
    as_table(
        "Duties",
        ("rule", "owner", "began", "due", "verdict", "counted"),
        [
            (
                duty["rule"],
                duty["owner"],
                duty["began_on"],
                duty["due_on"],
                duty["verdict"],
                " ".join(
                    f"{each['day'][8:]}/{each['day'][5:7]}" + ("" if each["counted"] else f" ({each['why']})")
                    for each in duty["working"]
                ),
            )
            for duty in document["duties"]
        ],
    )
    as_table(
        "History",
        ("no", "at", "what", "by", "fields"),
        [
            (
                event["seq"],
                event["at"][:16],
                event["kind"],
                event["by"],
                " ".join(f"{name}={value}" for name, value in event["fields"].items()),
            )
            for event in document["history"]
        ],
    )


@guarded
def record(
    reference: str,
    event: str,
    at: Annotated[str | None, typer.Option(help="When it happened: a day or a moment.")] = None,
    field: Annotated[list[str] | None, typer.Option(help="NAME=VALUE; may be given several times.")] = None,
    user: As = None,
    corrects: Annotated[int | None, typer.Option(help="The number of the entry this puts right.")] = None,
    key: Annotated[str | None, typer.Option(help="A key of your own: the same call twice is then done once.")] = None,
    json: Json = False,
) -> None:
    """Record one event through the one door."""
    from engine.commands.opening import acting, house, moment
    from engine.entries import Entry
    from engine.errors import WrongInput
    from engine.record import record as put
    from workflow.catalogue import CATALOGUE
    from workflow.events import typed

    kind = CATALOGUE.get(event)
    if kind is None:
        raise WrongInput("There is no such event. See: victim-contact events")
    if key is not None and not 1 <= len(key) <= 128:
        raise WrongInput("Give a key of at most 128 characters.")
    fields = {}
    for given in field or []:
        name, equals, value = given.partition("=")
        if not equals:
            raise WrongInput("Give each field as NAME=VALUE.")
        asked = kind.field(name)
        fields[name] = typed(asked, value) if asked else value
    opened = house(user)
    entry = Entry(event, fields, moment(at, "the moment") if at else None, corrects)
    written = put(opened, reference, [entry], actor=acting(opened, user), now=opened.now(), key=key)
    document = {
        "case": written.reference,
        "version": written.version,
        "state": str(written.state),
        "events": [each.kind for each in written.events],
        "already_done": written.repeated,
    }
    if json:
        as_json(document)
    else:
        already = "Already done. " if written.repeated else ""
        print(f"{already}{written.reference} is now {written.state.replace('_', ' ')} (version {written.version}).")


@guarded
def events(json: Json = False) -> None:
    """Every event kind: its fields, who may record it, in which states."""
    from engine.commands.opening import house
    from workflow.catalogue import CATALOGUE
    from workflow.tracks.journey import JOURNEY

    permissions = house().permissions
    listed = [
        {
            "event": kind.name,
            "label": kind.label,
            "meaning": kind.meaning,
            "fields": [
                {
                    "name": each.name,
                    "label": each.label,
                    "kind": str(each.kind),
                    "choices": list(each.choices),
                    "required": each.required,
                }
                for each in kind.fields
            ],
            "roles": sorted(permissions.events.get(kind.name, ())),
            "states": [state for state in JOURNEY.states if kind.name in JOURNEY.possible(state)],
        }
        for kind in CATALOGUE.values()
    ]
    if json:
        as_json(listed)
        return
    rows = []
    for kind in CATALOGUE.values():
        wanted = " ".join(each.name + ("*" if each.required else "") for each in kind.fields)
        rows.append((kind.name, wanted, ", ".join(sorted(permissions.events.get(kind.name, ()))), kind.meaning))
    as_table("Events (* must be given)", ("event", "fields", "who", "meaning"), rows)


@guarded
def letters(
    state: Annotated[
        str | None, typer.Option(help="drafted, held, approved, in_doubt, released, returned, cancelled or discarded.")
    ] = None,
    json: Json = False,
) -> None:
    """The post."""
    from engine.commands.opening import house
    from engine.desk import letter_document
    from engine.errors import WrongInput
    from engine.post import list_letters

    if state not in (None, "drafted", "held", "approved", "in_doubt", "released", "returned", "cancelled", "discarded"):
        raise WrongInput("A letter is drafted, held, approved, in_doubt, released, returned, cancelled or discarded.")
    listed = [letter_document(letter) for letter in list_letters(house(), state)]
    if json:
        as_json(listed)
        return
    as_table(
        "Letters",
        ("letter", "case", "kind", "state", "drafted", "why held"),
        [
            (
                each["letter"],
                each["case"],
                each["kind"],
                each["state"],
                each["drafted_at"][:10],
                " ".join(reason["words"] for reason in each["decision"]["reasons"]) if each["state"] == "held" else "",
            )
            for each in listed
        ],
    )


letter = typer.Typer(no_args_is_help=True, help="One letter, or the release of those that were approved.")


@letter.command("preview")
@guarded
def letter_preview(
    letter_id: str, out: Annotated[Path | None, typer.Option(help="Write the page as PDF to this file.")] = None
) -> None:
    """The page of a letter as it would go out, or as it went out."""
    from engine.accounts import COMMAND_LINE
    from engine.commands.opening import house
    from engine.desk import open_file
    from engine.post import case_of_letter, page_image, preview
    from engine.revealing import refuse_sealed

    opened = house()
    # A letter shows a name and an address: that it is read is logged, as on its page.
    letter, case = case_of_letter(opened, letter_id)
    open_file(opened, case.reference, COMMAND_LINE, opened.now())
    refuse_sealed(case, letter.channel)
    if out is None:
        print(preview(opened, letter_id, opened.now()).html)
        return
    out.write_bytes(page_image(opened, letter_id, opened.now()))
    print("The page is written.")


@letter.command("approve")
@guarded
def letter_approve(letter_id: str, user: As = None) -> None:
    """A person's yes to one letter."""
    from engine.commands.opening import acting, house
    from engine.post import approve

    opened = house(user)
    written = approve(opened, letter_id, acting(opened, user), opened.now())
    if any(event.kind == "letter_checked" for event in written.events):
        print("Your yes is recorded. A second, different person must say yes as well.")
    else:
        print("The letter is approved; the clock releases it.")


@letter.command("release")
@guarded
def letter_release() -> None:
    """Release what was approved, each decided again."""
    from engine.clock import clock_name
    from engine.commands.opening import house
    from engine.post import release

    opened = house()
    done = release(opened, opened.now(), clock_name())
    print(
        f"sent {len(done.sent)}, stopped {len(done.stopped)}, put back {len(done.put_back)}, "
        f"postponed {len(done.postponed)}, in doubt {len(done.doubted)}"
    )
    if done.put_back or done.stopped or done.doubted:
        raise Finished(FINDINGS)
