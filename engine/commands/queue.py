"""The commands of the queue: what to do now, claim, assign, reassign, and standing in for whoever is away."""

from typing import Annotated, Any

import typer

from engine.commands.shown import FINDINGS, Finished, as_json, as_table, guarded

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
As = Annotated[str | None, typer.Option("--as", help="The user in whose name.")]
Reason = Annotated[
    str, typer.Option(help="Why it changes hands: workload, absence, leaving, skills, conflict_of_interest, ...")
]


@guarded
def queue(
    practitioner: Annotated[str | None, typer.Option(help="The queue of this user.")] = None,
    team: Annotated[bool, typer.Option("--team", help="Only what nobody has yet.")] = False,
    view: Annotated[
        str | None, typer.Option(help="mine, team, unassigned, hold, waiting, done, or adrift (nobody looks after it).")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most this many lines.")] = None,
    json: Json = False,
) -> None:
    """What to do now, in order, with the reason."""
    from engine.commands.opening import house
    from engine.errors import WrongInput
    from engine.worklist import queue_page
    from workflow.case import TEAM
    from workflow.views import Only, View

    if view is not None and view not in tuple(View):
        raise WrongInput(f"A view is one of: {', '.join(View)}.")
    if view is not None and team:
        raise WrongInput("Give --view or --team, not both.")
    opened = house(practitioner)
    if practitioner is not None:
        _known(opened, practitioner)
    asked = View(view) if view else None
    owner = "" if asked in (View.MINE, View.DONE) else TEAM if team else practitioner or ""
    page = queue_page(opened, asked, opened.now(), user=practitioner or "", only=Only(owner=owner), limit=limit)
    if json:
        as_json(page.lines)
        return
    if asked is View.DONE:
        as_table("Done today", ("case", "what", "by", "next"), [_done_row(line) for line in page.lines])
        return
    as_table(
        "Queue",
        ("tier", "due", "late", "case", "action", "reason", "owner", "days case", "days owner"),
        [_row(line) for line in page.lines],
    )


def _known(opened: Any, user: str) -> None:
    from engine.errors import NotFound
    from store import accounts

    with opened.reading() as connection:
        if accounts.user(connection, opened.service, user) is None:
            raise NotFound("There is no such user.")


def _row(line: dict[str, Any]) -> tuple[object, ...]:
    marks = ("hold ended: " if line["hold_ended"] else "") + (
        f"covering for {line['covering_for']}: " if line["covering_for"] else ""
    )
    return (
        f"P{line['tier']}",
        line["due_on"],
        line["overdue_working_days"] or "",
        line["case"],
        line["action"],
        marks + line["reason"],
        line["waiting_on"] or line["owner"],
        line["days_case"],
        line["days_owner"],
    )


def _done_row(line: dict[str, Any]) -> tuple[object, ...]:
    did = ", ".join(each["event"] for each in line["done"])
    return line["case"], did, ", ".join(sorted({each["by"] for each in line["done"]})), line["action"] or "nothing"


@guarded
def claim(user: As = None, json: Json = False) -> None:
    """Take the first of the cases that nobody has."""
    from engine.assigning import claim_next
    from engine.commands.opening import acting, house

    opened = house(user)
    reference = claim_next(opened, acting(opened, user), opened.now())
    if json:
        as_json({"case": reference, "owner": user if reference else None})
    else:
        print(f"{reference} is yours now." if reference else "No case waits for somebody.")


@guarded
def assign(
    reference: Annotated[str, typer.Argument(metavar="CASE")],
    to: Annotated[str, typer.Argument(metavar="USER", help="A user, or unassigned: back to the team.")],
    reason: Reason = "",
    user: As = None,
    json: Json = False,
) -> None:
    """Give a case to somebody; who has it now is asked for a reason."""
    from engine.assigning import assign as give
    from engine.commands.opening import acting, house

    opened = house(user)
    written = give(opened, reference, to, reason, acting(opened, user), opened.now())
    if json:
        as_json({"case": written.reference, "version": written.version, "owner": to})
    else:
        print(f"{written.reference} belongs to {to} now (version {written.version}).")


@guarded
def reassign(
    owner: Annotated[str, typer.Argument(metavar="FROM", help="A user, or unassigned.")],
    to: Annotated[str, typer.Argument(metavar="USER")],
    reason: Reason = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which cases.")] = False,
    user: As = None,
    json: Json = False,
) -> None:
    """Give all cases of one person to another, and say which did not move and why."""
    import secrets

    from engine.assigning import cases_of, check_owner, move
    from engine.commands.opening import acting, house

    opened = house(user)
    actor = acting(opened, user)
    check_owner(opened, to)
    seen = dict.fromkeys(cases_of(opened, owner), owner)
    key = secrets.token_hex(8)
    done = [] if dry_run else move(opened, seen, to, reason, actor, opened.now(), key)
    left = [{"case": each.reference, "why": each.why_not} for each in done if each.why_not]
    moved = [each.reference for each in done if not each.why_not]
    if json:
        as_json({"cases": list(seen), "moved": moved, "not_moved": left})
    elif dry_run:
        print(f"{len(seen)} cases: {' '.join(seen)}" if seen else "No case.")
    else:
        print(f"moved {len(moved)}, not moved {len(left)}")
        for each in left:
            print(f"  {each['case']}: {each['why']}")
    if left:
        raise Finished(FINDINGS)


@guarded
def cover(
    away: Annotated[str, typer.Argument(metavar="USER", help="Who is away.")],
    deputy: Annotated[str, typer.Argument(metavar="DEPUTY", help="Who stands in.")],
    start: Annotated[str, typer.Option("--from", help="The first day.")],
    end: Annotated[str, typer.Option("--to", help="The last day.")],
    user: As = None,
    json: Json = False,
) -> None:
    """Let somebody stand in for a person who is away; it ends by itself and changes no case."""
    from engine.assigning import cover as stand_in
    from engine.commands.opening import acting, day, house

    opened = house(user)
    kept = stand_in(opened, away, deputy, day(start, "--from"), day(end, "--to"), acting(opened, user), opened.now())
    if json:
        as_json(_cover(kept))
    else:
        print(f"{deputy} stands in for {away} from {kept.from_day} to {kept.until_day} (cover {kept.cover_id}).")


@guarded
def covers(
    end: Annotated[int | None, typer.Option("--end", help="End the cover of this number now.")] = None,
    user: As = None,
    json: Json = False,
) -> None:
    """Who stands in for whom, today and from a day to come."""
    from engine.assigning import covers_standing, end_cover
    from engine.commands.opening import acting, house

    opened = house(user)
    if end is not None:
        end_cover(opened, end, acting(opened, user), opened.now())
    listed = [_cover(each) for each in covers_standing(opened, opened.now())]
    if json:
        as_json(listed)
        return
    rows = [(each["cover"], each["away"], each["deputy"], each["from"], each["to"]) for each in listed]
    as_table("Cover", ("number", "away", "deputy", "from", "to"), rows)


def _cover(kept: Any) -> dict[str, Any]:
    return {
        "cover": kept.cover_id,
        "away": kept.away,
        "deputy": kept.deputy,
        "from": kept.from_day.isoformat(),
        "to": kept.until_day.isoformat(),
        "by": kept.by,
    }
