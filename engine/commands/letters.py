"""The commands of the post beyond a yes: ask, write, discard, came back, check, and the stop of all letters."""

from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.shown import FINDINGS, Finished, as_json, as_table, guarded
from engine.commands.work import As, Json, letter
from engine.commands.work import letters as list_letters

if TYPE_CHECKING:
    from engine.checking_words import TranslatedWords

letters = typer.Typer(invoke_without_command=True, help="The post, and a check of its templates.")
dispatch = typer.Typer(no_args_is_help=True, help="Stop all letters at once, and let them go again.")
details = typer.Typer(no_args_is_help=True, help="Addresses and numbers of a victim, and where a child lives.")


@letters.callback()
def _letters(
    context: typer.Context,
    state: Annotated[
        str | None,
        typer.Option(help="drafted, held, approved, in_doubt, released, returned, cancelled or discarded."),
    ] = None,
    json: Json = False,
) -> None:
    if context.invoked_subcommand is None:
        list_letters(state, json)


@letters.command("check")
@guarded
def letters_check(json: Json = False) -> None:
    """What is wrong with letters.toml and the templates: names, languages, filters, holes that are hidden."""
    from engine.house import read_rules
    from engine.settings import read_settings

    rules = read_rules(read_settings())
    faults = rules.words.check(rules.letters)
    translated = _translated()
    missing = [f"{each.kind}/{each.language}" for each in translated if each.state == "missing"]
    unchecked = [f"{each.kind}/{each.language}" for each in translated if each.state in ("unchecked", "changed")]
    if json:
        as_json(
            {
                "kinds": len(rules.letters),
                "faults": list(faults),
                "missing_words": missing,
                "unchecked_words": unchecked,
            }
        )
    else:
        for fault in faults:
            print(fault)
        if missing:
            print(f"No words yet, so that the letter waits for a person: {', '.join(missing)}.")
        if unchecked:
            print(f"Nobody who speaks the language has checked: {', '.join(unchecked)}.")
        print(f"{len(rules.letters)} kinds of letter, {len(faults)} faults.")
    if faults:
        raise Finished(FINDINGS)


def _translated() -> "tuple[TranslatedWords, ...]":
    """The words in other languages, as far as the service has a database that knows who checked them."""
    from engine.checking_words import translated_words
    from engine.commands.opening import house
    from engine.errors import BadConfiguration

    try:
        return translated_words(house())
    except BadConfiguration:
        return ()


@letters.command("kinds")
@guarded
def letter_kinds(json: Json = False) -> None:
    """Every kind of letter: whom it is for, what drafts it, what it meets, and what a person writes into it."""
    from engine.house import read_rules
    from engine.settings import read_settings

    kinds = read_rules(read_settings()).letters.values()
    if json:
        as_json(
            [
                {
                    "kind": kind.code,
                    "title": kind.title,
                    "audience": str(kind.audience),
                    "drafted_when": list(kind.drafted_when),
                    "channel": str(kind.channel),
                    "purposes": list(kind.purposes),
                    "meets": list(kind.meets),
                    "written_in": list(kind.filled),
                    "languages": list(kind.languages),
                    "formats": list(kind.formats),
                    "second_check": kind.second_check,
                }
                for kind in kinds
            ]
        )
        return
    rows = [
        (kind.code, kind.title, str(kind.audience), ", ".join(kind.drafted_when) or "asked for", ", ".join(kind.meets))
        for kind in kinds
    ]
    as_table("Kinds of letter", ("kind", "title", "for", "drafted when", "meets"), rows)


@letter.command("ask")
@guarded
def letter_ask(reference: str, kind: str, user: As = None) -> None:
    """Have a letter drafted because a person wants it."""
    from engine.commands.opening import acting, house
    from engine.letters_by_hand import ask_for_letter

    opened = house(user)
    print(ask_for_letter(opened, reference, kind, acting(opened, user), opened.now()))


@letter.command("write")
@guarded
def letter_write(
    letter_id: str,
    field: Annotated[list[str], typer.Option(help="NAME=WORDS, for each place the template leaves open.")],
    user: As = None,
) -> None:
    """Write into a letter what its template leaves room for."""
    from engine.commands.opening import acting, house
    from engine.errors import WrongInput
    from engine.letters_by_hand import fill_letter

    words = {}
    for given in field:
        name, equals, value = given.partition("=")
        if not equals:
            raise WrongInput("Give each as NAME=WORDS.")
        words[name] = value
    opened = house(user)
    fill_letter(opened, letter_id, words, acting(opened, user), opened.now())
    print("It is written in.")


@letter.command("clear")
@guarded
def letter_clear(
    letter_id: str,
    hold: Annotated[list[str], typer.Option(help="The code of a hold; may be given several times.")],
    reason: Annotated[str, typer.Option(help="Why it may go in spite of it.")],
    user: As = None,
) -> None:
    """One person's look at what holds a letter; with a second person's it is cleared."""
    from engine.commands.opening import acting, house
    from engine.letters_by_hand import clear_hold

    opened = house(user)
    clear_hold(opened, letter_id, frozenset(hold), reason, acting(opened, user), opened.now())
    print("It is recorded; two different people must clear it.")


@letter.command("discard")
@guarded
def letter_discard(
    letter_id: str,
    reason: Annotated[str, typer.Option(help="Why it is put aside, as a code: not_needed, told_in_another_way, ...")],
    user: As = None,
) -> None:
    """Put a letter aside that has not gone; it comes back only where somebody asks for it."""
    from engine.commands.opening import acting, house
    from engine.letters_by_hand import discard_letter

    opened = house(user)
    discard_letter(opened, letter_id, reason, acting(opened, user), opened.now())
    print("The letter is discarded.")


@letter.command("returned")
@guarded
def letter_returned(
    letter_id: str,
    reason: Annotated[str, typer.Option(help="gone_away, refused, unknown, damaged, bounced or failed.")],
    user: As = None,
) -> None:
    """A letter that left came back: what it met is owed again."""
    from engine.commands.opening import acting, house
    from engine.letters_by_hand import letter_came_back

    opened = house(user)
    letter_came_back(opened, letter_id, reason, acting(opened, user), opened.now())
    print("It is recorded; what the letter met is owed again.")


@letter.command("handed-over")
@guarded
def letter_handed_over(
    letter_id: str,
    on: Annotated[str, typer.Option(help="The day on which it went.")],
    user: As = None,
) -> None:
    """A letter that a person finished by hand went on a day."""
    from engine.commands.opening import acting, day, house
    from engine.letters_by_hand import hand_over

    opened = house(user)
    hand_over(opened, letter_id, day(on, "--on"), acting(opened, user), opened.now())
    print("It is recorded as sent.")


@letter.command("text")
@guarded
def letter_text(letter_id: str) -> None:
    """The plain English text of a letter, to be translated or finished by hand."""
    from engine.accounts import COMMAND_LINE
    from engine.commands.opening import house
    from engine.desk import open_file
    from engine.letters_by_hand import text_to_finish
    from engine.post import case_of_letter
    from engine.revealing import refuse_sealed
    from engine.words import plain_text

    opened = house()
    letter, case = case_of_letter(opened, letter_id)
    # It shows a name and an address: that it is read is logged, as on its page.
    open_file(opened, case.reference, COMMAND_LINE, opened.now())
    refuse_sealed(case, letter.channel)
    print(plain_text(text_to_finish(opened, letter_id, opened.now())))


@dispatch.command("stop")
@guarded
def dispatch_stop(
    reason: Annotated[str, typer.Option(help="wrong_letter, data_breach, restored_backup, safety or rehearsal.")],
    user: Annotated[str, typer.Option("--as", help="The manager in whose name.")],
) -> None:
    """Stop all letters: none leaves from now on."""
    from engine.commands.opening import acting, house
    from engine.dispatch import stop

    opened = house(user)
    stop(opened, acting(opened, user), reason, opened.now())
    print("All letters are stopped.")


@dispatch.command("lift")
@guarded
def dispatch_lift(
    reason: Annotated[str, typer.Option(help="put_right, or what it was.")],
    user: Annotated[str, typer.Option("--as", help="The manager in whose name.")],
) -> None:
    """One of two people's yes to letting letters go again."""
    from engine.commands.opening import acting, house
    from engine.dispatch import lift

    opened = house(user)
    goes = lift(opened, acting(opened, user), reason, opened.now())
    print("Letters go again." if goes else "It is asked: a second manager must agree before letters go again.")


@dispatch.command("status")
@guarded
def dispatch_status(json: Json = False) -> None:
    """How the switch stands, and every order there was."""
    from engine.commands.opening import house
    from engine.dispatch import orders, standing

    opened = house()
    found = standing(opened)
    listed = [{"deed": each.deed, "reason": each.reason, "by": each.by, "at": each.at} for each in orders(opened)]
    if json:
        as_json({"stopped_since": found.since if found else None, "orders": listed})
        return
    print(f"All letters are stopped since {found.since:%Y-%m-%d %H:%M} UTC." if found else "Letters go.")
    as_table("Orders", ("deed", "reason", "by", "at"), [tuple(each.values()) for each in listed])


@details.command("give")
@guarded
def details_give(
    reference: str,
    channel: Annotated[str, typer.Option(help="phone, email or post.")],
    source: Annotated[str, typer.Option(help="Who gave it: victim, parent_guardian, police, other_agency.")],
    value: Annotated[str, typer.Option(help="The number or email address.")] = "",
    line: Annotated[list[str] | None, typer.Option(help="A line of the address; may be given several times.")] = None,
    postcode: Annotated[str, typer.Option(help="The postcode.")] = "",
    user: As = None,
) -> None:
    """A new address or number of the victim; whether it is safe is to be asked anew."""
    from engine.commands.opening import acting, house
    from engine.contact_details import give_point
    from engine.points import point

    opened = house(user)
    given = point(channel, value, line or (), postcode)
    give_point(opened, reference, channel, given, source, acting(opened, user), opened.now())
    print("It is kept; record whether it is safe before it is used.")


@details.command("bad")
@guarded
def details_bad(
    reference: str,
    channel: Annotated[str, typer.Option(help="phone, email or post.")],
    source: Annotated[str, typer.Option(help="Who said so.")],
    user: As = None,
) -> None:
    """The address or number leads nowhere or to somebody else: nothing goes there any more."""
    from engine.commands.opening import acting, house
    from engine.contact_details import mark_bad

    opened = house(user)
    mark_bad(opened, reference, channel, source, acting(opened, user), opened.now())
    print("It is marked; nothing goes there.")


@details.command("child")
@guarded
def details_child(
    reference: str,
    of: Annotated[str, typer.Option(help="child, household, placement or school.")],
    source: Annotated[str, typer.Option(help="Who said so: youth_justice_file, childrens_services, police, school.")],
    line: Annotated[list[str], typer.Option(help="A line of the address; may be given several times.")],
    postcode: Annotated[str, typer.Option(help="The postcode.")],
    child: Annotated[int, typer.Option(min=1, help="Which child of the case, from 1.")] = 1,
    user: As = None,
) -> None:
    """Where a child lives, stays or learns; no letter to the victim goes there unseen."""
    from engine.addresses import record_child_address
    from engine.commands.opening import acting, house

    opened = house(user)
    record_child_address(opened, reference, child, of, line, postcode, source, acting(opened, user), opened.now())
    print("It is kept and compared.")


@details.command("staff")
@guarded
def details_staff(
    name: Annotated[str, typer.Argument(help="The user whose address it is.")],
    line: Annotated[list[str], typer.Option(help="A line of the address; may be given several times.")],
    postcode: Annotated[str, typer.Option(help="The postcode.")],
    user: Annotated[str, typer.Option("--as", help="The manager in whose name.")],
) -> None:
    """Where somebody who works here lives; no letter goes there unseen."""
    from engine.addresses import record_staff_address
    from engine.commands.opening import acting, house

    opened = house(user)
    record_staff_address(opened, name, line, postcode, acting(opened, user), opened.now())
    print("It is kept and compared.")
