"""The commands about letters on their way: what a person found out about one in doubt, and one for Word."""

from pathlib import Path
from typing import Annotated

import typer

from engine.commands.shown import guarded
from engine.commands.work import As, letter

__all__ = ["letter"]


@letter.command("settle")
@guarded
def letter_settle(
    letter_id: str,
    left: Annotated[str, typer.Option(help="yes where it left, no where it did not and may go again.")],
    user: As = None,
) -> None:
    """What somebody found out about a letter of which nobody knew whether it left."""
    from engine.commands.opening import acting, house
    from engine.errors import WrongInput
    from engine.settling import settle

    if left not in ("yes", "no"):
        raise WrongInput("Say yes or no.")
    opened = house(user)
    settle(opened, letter_id, left == "yes", acting(opened, user), opened.now())
    print("It is recorded as sent." if left == "yes" else "It goes with the next round, if it may still go then.")


@letter.command("word")
@guarded
def letter_word(letter_id: str, out: Annotated[Path, typer.Option(help="Write the Word file to this place.")]) -> None:
    """A letter as a Word file, to be finished by hand; that it went is recorded afterwards."""
    from engine.accounts import COMMAND_LINE
    from engine.commands.opening import house
    from engine.desk import open_file
    from engine.errors import WrongInput
    from engine.post import case_of_letter
    from engine.word import word_to_finish

    opened = house()
    # A letter shows a name and an address: that it is read is logged, as on its page.
    open_file(opened, case_of_letter(opened, letter_id)[1].reference, COMMAND_LINE, opened.now())
    made = word_to_finish(opened, letter_id, opened.now())
    try:
        out.write_bytes(made)
    except OSError:
        raise WrongInput("The file cannot be written there.") from None
    print("The file is written.")
