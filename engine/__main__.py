"""The command line: ``victim-contact``, also ``python -m engine``."""

import typer

from engine.commands import ahead, calendar, rules, service, work

app = typer.Typer(
    name="victim-contact",
    help="Keeps a Youth Justice Service's promises to the victims of crime committed by children.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.command()(service.demo)
app.command()(service.serve)
app.command()(service.clock)
app.command()(service.tick)
app.command("import")(work.import_file)
app.command()(work.queue)
app.command()(work.case)
app.command()(work.record)
app.command()(work.events)
app.command()(rules.explain)
app.command()(rules.rules)
app.add_typer(calendar.calendar, name="calendar")
app.command()(work.letters)
app.add_typer(work.letter, name="letter")
app.command()(work.audit)
app.command()(ahead.forecast)
app.command()(service.check)
app.command()(service.migrate)
app.add_typer(service.user, name="user")
app.add_typer(service.force, name="force")


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
