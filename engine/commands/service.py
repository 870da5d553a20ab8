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
        "digests": swept.digests,
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
    role: Annotated[str, typer.Option(help="practitioner, manager, police, safeguarding, data_lead, auditor ...")],
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


@user.command("role")
@guarded
def user_role(name: str, role: str) -> None:
    """Give a user another role, from their next click on."""
    from engine.commands.opening import house
    from engine.staffing import change_role

    opened = house()
    change_role(opened, name, role, opened.now())
    print(f"{name} has the role {role} now.")


@user.command("disable")
@guarded
def user_disable(name: str) -> None:
    """Let a user in no more; their sessions end at once."""
    from engine.commands.opening import house
    from engine.sessions import let_in
    from engine.staffing import MACHINE

    opened = house()
    let_in(opened, name, False, MACHINE, opened.now())
    print(f"{name} may no longer come in.")


@user.command("enable")
@guarded
def user_enable(name: str) -> None:
    """Let a user in again."""
    from engine.commands.opening import house
    from engine.sessions import let_in
    from engine.staffing import MACHINE

    opened = house()
    let_in(opened, name, True, MACHINE, opened.now())
    print(f"{name} may come in again.")


@user.command("password")
@guarded
def user_password(name: str, json: Json = False) -> None:
    """Give a user a new first password, which must be changed; their sessions end."""
    from engine.commands.opening import house
    from engine.staffing import new_password

    opened = house()
    password = new_password(opened, name, opened.now())
    if json:
        as_json({"user": name, "password": password})
    else:
        print(f"{name} may sign in. First password, to be changed: {password}")


@user.command("reset-factor")
@guarded
def user_reset_factor(name: str) -> None:
    """Take away the second factor of a user who lost their phone; they set up a new one."""
    from engine.commands.opening import house
    from engine.second_factor import reset
    from engine.staffing import MACHINE

    opened = house()
    reset(opened, name, MACHINE, opened.now())
    print(f"{name} sets up a new second factor at the next sign-in.")


@user.command("bind")
@guarded
def user_bind(
    name: str, subject: Annotated[str, typer.Argument(help="What names this person at the provider for good.")]
) -> None:
    """Let a user in through the provider of [provider], and no longer by a password; their sessions end."""
    from engine.commands.opening import house
    from engine.provider import bind

    opened = house()
    bind(opened, name, subject, opened.now())
    print(f"{name} signs in through the provider now.")


@user.command("unbind")
@guarded
def user_unbind(name: str) -> None:
    """Let a user in by a password again, and no longer through the provider; their sessions end."""
    from engine.commands.opening import house
    from engine.provider import unbind

    opened = house()
    unbind(opened, name, opened.now())
    print(f"{name} signs in with a user name and password again: victim-contact user password {name}")


@user.command("email")
@guarded
def user_email(
    name: str, address: Annotated[str, typer.Argument(help="The address at work; leave it out to take it away.")] = ""
) -> None:
    """Set the address to which the morning letter of a user goes."""
    from engine.accounts import set_email
    from engine.commands.opening import house

    set_email(house(), name, address)
    print(f"{name} gets the morning letter there." if address else f"{name} gets no morning letter.")


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


@force.command("keys")
@guarded
def force_keys(
    name: Annotated[str | None, typer.Argument(help="Only the keys of this force.")] = None, json: Json = False
) -> None:
    """The keys of the forces: number, force, when made, when revoked; never the keys themselves."""
    from engine.accounts import force_keys as listed
    from engine.commands.opening import house

    keys = listed(house(), name)
    if json:
        as_json(keys)
        return
    columns = ("key_id", "force", "created_at", "revoked_at")
    as_table("Keys", columns, [tuple(key[column] for column in columns) for key in keys])


@force.command("rotate")
@guarded
def force_rotate(key_id: str, json: Json = False) -> None:
    """Make a new key for the force of a key; the old one opens until it is revoked, so that nothing is interrupted."""
    from engine.accounts import rotate_force_key
    from engine.commands.opening import house

    opened = house()
    name, new_id, key = rotate_force_key(opened, key_id, opened.now())
    if json:
        as_json({"force": name, "key_id": new_id, "key": key, "replaces": key_id})
    else:
        print(f"Key {new_id} for {name}, shown this once: {key}")
        print(f"When their system uses it: victim-contact force revoke {key_id}")


@force.command("revoke")
@guarded
def force_revoke(key_id: str) -> None:
    """Revoke a key of a force at once."""
    from engine.accounts import revoke_force_key
    from engine.commands.opening import house

    opened = house()
    revoke_force_key(opened, key_id, opened.now())
    print("The key no longer opens anything.")
