"""The commands of the letters as files and words: for the printer, for sample victims, and in other languages."""

from pathlib import Path
from typing import Annotated

import typer

from engine.commands.letters import letters
from engine.commands.shown import FINDINGS, Finished, as_json, as_table, guarded, progress
from engine.commands.work import As, Json

__all__ = ["letters"]


@letters.command("print")
@guarded
def letters_print(user: As = None, json: Json = False) -> None:
    """Bind the letters that left on paper into one file for the printer, each once, with a list of what is in it."""
    from engine.commands.opening import acting, house
    from engine.print_batches import print_batch

    opened = house(user)
    with progress("Letters") as seen:
        done = print_batch(opened, acting(opened, user), opened.now(), seen)
    if json:
        as_json(
            {
                "batch": done.name or None,
                "letters": len(done.letters),
                "sheets": done.sheets,
                "sha256": done.digest or None,
                "stopped": list(done.stopped),
                "differing": list(done.differing),
                "lying": list(done.lying),
            }
        )
    else:
        print(f"{done.name}: {len(done.letters)} letters, {done.sheets} sheets." if done.name else "Nothing to print.")
        for letter_id in done.stopped:
            print(f"{letter_id} may not go any more: it was taken out.")
        for letter_id in done.differing:
            print(f"{letter_id} would not come out as it was approved: print it singly from the folder of letters.")
        for letter_id in done.lying:
            print(f"{letter_id} has lain there for days: see whether it was printed, and print it singly if not.")
    if done.stopped or done.differing or done.lying:
        raise Finished(FINDINGS)


@letters.command("samples")
@guarded
def letters_samples(
    out: Annotated[Path, typer.Option(help="The folder to put the pages into; it is made where it is not there.")],
    json: Json = False,
) -> None:
    """Every letter as a page for sample victims: adult, child, guardian, organisation, bereaved, Welsh, large print."""
    from engine.delivery.pdf import LetterCannotBePrinted, pdf
    from engine.house import read_rules
    from engine.letter_samples import samples
    from engine.moment import present
    from engine.settings import read_settings
    from workflow.london import london_day

    settings = read_settings()
    rules = read_rules(settings)
    out.mkdir(parents=True, exist_ok=True)
    facts, faults, made = (settings.letter_facts, settings.letter_facts_in), [], 0
    found = list(
        samples(rules.words, rules.letters, *facts, london_day(present(settings.rehearsal, settings.is_example)))
    )
    with progress("Pages") as seen:
        for place, each in enumerate(found):
            seen(place, len(found))
            try:
                if each.fault:
                    raise LetterCannotBePrinted(each.fault)
                (out / f"{each.sample}-{each.kind}.pdf").write_bytes(pdf(each.html))
                made += 1
            except LetterCannotBePrinted as fault:
                faults.append(f"{each.sample}: {each.kind}: {fault}")
    if json:
        as_json({"pages": made, "faults": faults})
    else:
        for line in faults:
            print(line)
        print(f"{made} pages, {len(faults)} faults.")
    if faults:
        raise Finished(FINDINGS)


@letters.command("words")
@guarded
def letters_words(json: Json = False) -> None:
    """Which letters there are in another language than English, and who checked their words."""
    from engine.checking_words import translated_words
    from engine.commands.opening import house

    found = translated_words(house())
    if json:
        as_json(
            [
                {
                    "kind": each.kind,
                    "language": each.language,
                    "state": each.state,
                    "version": each.version or None,
                    "checked_by": each.checked_by or None,
                    "checked_on": each.checked_on.isoformat() if each.checked_on else None,
                }
                for each in found
            ]
        )
        return
    rows = [
        (each.kind, each.title, each.language, each.state, each.checked_by, str(each.checked_on or ""))
        for each in found
    ]
    as_table("Words in other languages", ("kind", "title", "language", "state", "checked by", "on"), rows)


@letters.command("checked")
@guarded
def letters_checked(
    kind: str,
    by: Annotated[str, typer.Option(help="The name of whoever speaks the language and checked the words.")],
    on: Annotated[str, typer.Option(help="The day, as YYYY-MM-DD.")],
    language: Annotated[str, typer.Option(help="The code of the language.")] = "cy",
    user: As = None,
) -> None:
    """Record that somebody who speaks the language checked the words of a letter as they stand now."""
    from engine.checking_words import check_words
    from engine.commands.opening import acting, day, house

    opened = house(user)
    check_words(opened, kind, language, by, day(on, "the day"), acting(opened, user), opened.now())
    print("It is recorded. When the template changes, it must be checked again.")
