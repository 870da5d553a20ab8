"""The commands that run the service: demo, serve, clock, tick, migrate, check, user, force."""

from typing import Annotated

import typer

from engine.commands.shown import FINDINGS, Finished, as_json, as_table, guarded, progress

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Port = Annotated[int, typer.Option(help="The port to listen on.")]


@guarded
def migrate() -> None:
    """Bring the database to the newest tables, and found the service where it is new."""
    from engine.house import found, read_rules
    from engine.moment import present
    from engine.settings import read_settings

    settings = read_settings()
    read_rules(settings)
    found(settings, present(settings.rehearsal, settings.is_example))
    print("The database is at the newest version.")


@guarded
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Port = 8000,
    no_clock: Annotated[bool, typer.Option("--no-clock", help="Without the clock; run one elsewhere.")] = False,
) -> None:
    """Serve the pages, the police interface and (unless told not to) the clock."""
    from engine.commands.opening import house
    from engine.serving import serve_house

    serve_house(house(), host, port, with_clock=not no_clock)


@guarded
def demo(
    cases: Annotated[int, typer.Option(min=1, max=5000, help="How many victims police refer in the year.")] = 202,
    seed: Annotated[int, typer.Option(help="The same seed gives the same year.")] = 2024,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Make the year and stop.")] = False,
    port: Port = 8000,
) -> None:
    """Make a fresh example service with a simulated year of cases, and serve it."""
    from engine.serving import serve_house
    from engine.settings import read_settings
    from engine.simulate import simulate_service

    with progress("A simulated year") as tell:
        house, told = simulate_service(read_settings(), cases, seed, tell)
    print(told)
    if not no_serve:
        serve_house(house, "127.0.0.1", port, with_clock=True)


@guarded
def clock() -> None:
    """Run the clock alone; several may run on PostgreSQL."""
    from engine.clock import run
    from engine.commands.opening import house

    run(house())


@guarded
def tick(json: Json = False) -> None:
    """Go round once over everything that is due, then stop."""
    from engine.clock import clock_name
    from engine.commands.opening import house
    from engine.sweep import sweep

    opened = house()
    swept = sweep(opened, opened.now(), clock_name())
    told = {
        "reminders": swept.reminders,
        "moved": swept.moved,
        "letters_sent": len(swept.post.sent),
        "letters_stopped": len(swept.post.stopped),
        "letters_put_back": len(swept.post.put_back),
        "stuck": swept.stuck,
    }
    if json:
        as_json(told)
    else:
        print(", ".join(f"{name.replace('_', ' ')} {number}" for name, number in told.items()))
    if swept.stuck or swept.post.put_back:
        raise Finished(FINDINGS)


@guarded
def check(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Throw the projections away and make them again.")] = False,
    json: Json = False,
) -> None:
    """Check configuration, calendar, projections, next actions, stuck work and the history chain."""
    from engine.checking import check_house
    from engine.commands.opening import house

    opened = house()
    with progress("Checking cases") as tell:
        found = check_house(opened, opened.now(), rebuild=rebuild, tell=tell)
    if json:
        as_json(found)
    else:
        as_table(
            "Check", ("what", "outcome", "details"), [(r["what"], r["outcome"], r["details"]) for r in found["checks"]]
        )
    if not found["ok"]:
        raise Finished(FINDINGS)


user = typer.Typer(no_args_is_help=True, help="Who may come in.")
force = typer.Typer(no_args_is_help=True, help="The police forces and their keys.")


@user.command("add")
@guarded
def user_add(
    name: str,
    role: Annotated[str, typer.Option(help="practitioner, manager or police.")],
    shown_as: Annotated[str, typer.Option(help="The name on pages and letters.")] = "",
    number: Annotated[str, typer.Option(help="The direct telephone number for letters.")] = "",
    force_name: Annotated[str | None, typer.Option("--force", help="The force of a police user.")] = None,
    json: Json = False,
) -> None:
    """Add a user; prints the first password, which must be changed."""
    from engine.accounts import add_user
    from engine.commands.opening import house

    opened = house()
    password = add_user(opened, name, role, opened.now(), shown_as=shown_as, direct_number=number, force=force_name)
    if json:
        as_json({"user": name, "password": password})
    else:
        print(f"{name} may sign in. First password, to be changed: {password}")


@force.command("add")
@guarded
def force_add(name: str, model: Annotated[str, typer.Option(help="opt_in or opt_out.")] = "opt_in") -> None:
    """Add a police force and its consent model."""
    from engine.accounts import add_force
    from engine.commands.opening import house

    add_force(house(), name, model)
    print(f"{name} may send consent records.")


@force.command("key")
@guarded
def force_key(name: str, json: Json = False) -> None:
    """Make a key for a force; it is shown this once."""
    from engine.accounts import add_force_key
    from engine.commands.opening import house

    opened = house()
    key_id, key = add_force_key(opened, name, opened.now())
    if json:
        as_json({"force": name, "key_id": key_id, "key": key})
    else:
        print(f"Key {key_id} for {name}, shown this once: {key}")


@force.command("revoke")
@guarded
def force_revoke(key_id: str) -> None:
    """Revoke a key of a force at once."""
    from engine.accounts import revoke_force_key
    from engine.commands.opening import house

    opened = house()
    revoke_force_key(opened, key_id, opened.now())
    print("The key no longer opens anything.")
