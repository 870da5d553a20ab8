"""The commands that keep the service safe from loss: backup and restore."""

from pathlib import Path
from typing import Annotated

import typer

from engine.commands.shown import FINDINGS, Finished, as_json, guarded, progress

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


@guarded
def backup(
    file: Annotated[Path, typer.Argument(help="The new file; one that is there already is never written over.")],
    json: Json = False,
) -> None:
    """Back the whole database up into one file, while the service runs. The key file is not in it: keep it apart."""
    from engine.backup import back_up
    from engine.commands.opening import house

    opened = house()
    with progress("Rows") as tell:
        manifest = back_up(opened, file, opened.now(), tell)
    if json:
        as_json({"made_at": manifest.made_at, "version": manifest.version, "rows": dict(manifest.rows)})
    else:
        print(f"Backed up {sum(manifest.rows.values())} rows, read again and found whole.")


@guarded
def restore(
    file: Annotated[Path, typer.Argument(help="The file that backup made.")],
    json: Json = False,
) -> None:
    """Restore a backup into the empty database of the settings. All letters stay stopped until two people lift that."""
    from engine.backup import restore as bring_back
    from engine.moment import present
    from engine.settings import read_settings

    settings = read_settings()
    with progress("Rows") as tell:
        restored = bring_back(settings, file, present(settings.rehearsal, settings.is_example), tell)
    manifest, since = restored.manifest, restored.printed_since
    if json:
        as_json({"made_at": manifest.made_at, "rows": dict(manifest.rows), "printed_since": list(since)})
    else:
        print(f"Restored {sum(manifest.rows.values())} rows as they stood at {manifest.made_at}.")
        print("All letters are stopped. Compare the print folder first; then two people lift the stop.")
        for letter in since:
            print(f"printed after the backup was made: {letter}")
    if since:
        raise Finished(FINDINGS)
