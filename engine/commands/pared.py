"""The command that prints the receipt of a record that was pared back: what went, what stays and why."""

from typing import Annotated

import typer

from engine.commands.shown import as_json, guarded


@guarded
def receipt(
    reference: str,
    user: Annotated[str | None, typer.Option("--as", help="The user in whose name.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """What was removed from the record of a victim who said no, what is kept and why, when and by whom."""
    from engine.commands.opening import acting, house
    from engine.desk import open_file
    from engine.errors import NotFound
    from engine.paring import receipts

    opened = house(user)
    found = receipts(open_file(opened, reference, acting(opened, user), opened.now()).case)
    if json:
        as_json(found)
        return
    if not found:
        raise NotFound("The record of this case was not pared back.")
    for number, each in enumerate(found):
        if number:
            print()
        print(f"{reference}: the record was pared back on {each['pared_back_on']} by {each['by']}.")
        print(f"Because: {each['because'].replace('_', ' ')}.")
        print("Removed:" if each["removed"] else "Removed: nothing, there was nothing more.")
        for gone in each["removed"]:
            print(f"  {gone['number']}: {gone['words']}")
        print("Kept:")
        for stays in each["kept"]:
            print(f"  {stays['why']}")
