"""The commands of the police intake: template, unread, alike."""

from pathlib import Path
from typing import Annotated

import typer

from engine.commands.shown import FINDINGS, Finished, as_json, as_table, guarded

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
As = Annotated[str | None, typer.Option("--as", help="The user in whose name.")]

template = typer.Typer(no_args_is_help=True, help="Empty files with every column explained.")


@template.command("consent")
@guarded
def template_consent(
    form: Annotated[str, typer.Option("--format", help="csv or xlsx.")] = "csv",
    out: Annotated[
        Path | None, typer.Option(help="The file to write; CSV goes to standard output without one.")
    ] = None,
) -> None:
    """An empty police file with every column explained, in XLSX with the allowed values to choose from."""
    from engine.errors import WrongInput
    from engine.intake.template import template_csv, write_template_xlsx

    if form not in ("csv", "xlsx"):
        raise WrongInput("The format is csv or xlsx.")
    if form == "xlsx":
        file = out or Path("consent-records.xlsx")
        write_template_xlsx(file)
        print(f"Written to {file}.")
        return
    if out is None:
        print(template_csv(), end="")
    else:
        out.write_text(template_csv(), encoding="utf-8-sig", newline="")
        print(f"Written to {out}.")


@guarded
def unread(
    settle: Annotated[str | None, typer.Option(help="The number of a task that somebody has settled.")] = None,
    user: As = None,
    json: Json = False,
) -> None:
    """What police sent that nobody could read, above all withdrawals: a person has to ask the force."""
    from engine.commands.opening import acting, house
    from engine.intake.unread import open_tasks, settle_task

    opened = house()
    if settle:
        settle_task(opened, settle, acting(opened, user), opened.now())
        print("Settled.")
        return
    tasks = open_tasks(opened)
    if json:
        as_json(tasks)
    else:
        columns = ("task", "force", "submission_id", "rows", "raised_at", "do")
        as_table("Unread", columns, [tuple(task[name] for name in columns) for task in tasks])
    if tasks:
        raise Finished(FINDINGS)


@guarded
def alike(
    reference: Annotated[str | None, typer.Argument(help="Only the likenesses of this case.")] = None,
    other: Annotated[str | None, typer.Option("--with", help="The other case, to say what was found out.")] = None,
    outcome: Annotated[
        str | None,
        typer.Option(help="targeted (one person, harmed again and again: enhanced rights in both), same or different."),
    ] = None,
    user: As = None,
    json: Json = False,
) -> None:
    """Cases that look like one person or one incident, with the reasons; nothing is merged by saying so."""
    from engine.commands.opening import acting, house
    from engine.errors import WrongInput
    from engine.intake.likeness import likenesses
    from engine.targeted import decide_same_victim

    opened = house(user)
    if other or outcome:
        if not (reference and other and outcome):
            raise WrongInput("Give a case, the other with --with, and --outcome targeted, same or different.")
        decide_same_victim(opened, reference, other, outcome, acting(opened, user), opened.now())
        print("Noted. The cases stay as they are.")
        return
    found = likenesses(opened, reference)
    if json:
        as_json(found)
    else:
        rows = [
            (each["case"], each["other"], each["of"], "; ".join(each["reasons"]), each["outcome"]) for each in found
        ]
        as_table("Alike", ("case", "other", "of", "reasons", "outcome"), rows)
