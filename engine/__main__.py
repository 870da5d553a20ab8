"""The command line: ``victim-contact``, also ``python -m engine``."""

import typer

from engine.commands import (
    ahead,
    calendar,
    feedback,
    feeds,
    figures,
    keeping,
    letters,
    police,
    queue,
    rules,
    service,
    tables,
    ways,
    words,
    work,
)
from engine.commands.mirror import mirror
from engine.commands.pared import receipt

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
app.command("import-children")(feeds.import_children)
app.command("import-tracker")(feeds.import_tracker)
app.add_typer(police.template, name="template")
app.command()(police.unread)
app.command()(police.alike)
app.command()(queue.queue)
app.command()(queue.claim)
app.command()(queue.assign)
app.command()(queue.reassign)
app.command()(queue.cover)
app.command()(queue.covers)
app.command()(work.case)
app.command()(receipt)
app.command()(work.record)
app.command()(work.events)
app.command()(rules.explain)
app.command()(rules.rules)
app.add_typer(calendar.calendar, name="calendar")
app.add_typer(words.letters, name="letters")
app.add_typer(ways.letter, name="letter")
app.add_typer(letters.dispatch, name="dispatch")
app.add_typer(letters.details, name="contact-details")
app.command()(figures.audit)
app.command()(figures.kpi)
app.command()(figures.funnel)
app.command()(figures.access)
app.command()(figures.pack)
app.command()(ahead.forecast)
app.command()(mirror)
app.command()(service.check)
app.command()(service.migrate)
app.command()(keeping.backup)
app.command()(keeping.restore)
app.command()(feedback.outcomes)
app.add_typer(tables.tables, name="tables")
app.add_typer(service.user, name="user")
app.add_typer(service.force, name="force")


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
