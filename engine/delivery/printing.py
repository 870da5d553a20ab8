"""Puts finished letters into the folder from which they are printed: whole or not at all, and once each."""

import contextlib
import errno
import fcntl
import os
import re
from pathlib import Path

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
_MISSING = (errno.ENOENT, errno.ENOTDIR)


class PrintingFailed(Exception):
    """A letter is not in the print folder; the message is one sentence without personal data."""


class PrintFolder:
    """The folder from which letters are printed.

    A letter is ``<letter_id>.pdf``, readable by its owner only; the id is a random code that says nothing about
    anybody.  What ends in ``.part`` is not finished and is never to be printed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self) -> None:
        """Make the folder where it is not there yet, for its owner only.

        Kept apart from ``put``: a shared folder that has gone must be noticed, not replaced by a local one.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as fault:
            raise _failed(fault) from None

    def put(self, letter_id: str, pdf: bytes) -> Path:
        """Put a letter in, and answer with its file once it would survive a loss of power.

        The same id again replaces the file by the new one.  Raises PrintingFailed where the folder is full, missing or
        read-only; then the folder holds what it held before.
        """
        place = self._place(letter_id)
        part = self._part(letter_id)
        try:
            handle = _alone(part)
        except OSError as fault:
            raise _failed(fault) from None
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(pdf)
                file.flush()
                os.fsync(file.fileno())
                # Still alone: closing the file lets the next writer in.
                os.replace(part, place)
            self._settle()
        except OSError as fault:
            with contextlib.suppress(OSError):
                os.unlink(part)
            raise _failed(fault) from None
        return place

    def withdraw(self, letter_id: str) -> bool:
        """Take a letter out before it is printed, with what may be left of it unfinished; whether it was there."""
        place = self._place(letter_id)
        was_there = place.exists()
        try:
            place.unlink(missing_ok=True)
            self._part(letter_id).unlink(missing_ok=True)
            self._settle()
        except FileNotFoundError:
            return False
        except OSError as fault:
            raise _failed(fault) from None
        return was_there

    def codes(self) -> frozenset[str]:
        """The letters whose pages lie in the folder."""
        try:
            return frozenset(place.stem for place in self._folder.glob("*.pdf"))
        except OSError as fault:
            raise _failed(fault) from None

    def lies_there(self, letter_id: str) -> bool:
        """Whether the page of a letter still lies in the folder."""
        return self._place(letter_id).exists()

    def put_batch(self, name: str, file: bytes, manifest: bytes) -> Path:
        """Put a batch in, and beside it its manifest, which comes last: without one a batch is not to be printed."""
        place = self.put(name, file)
        part, listed = self._folder / f".{name}.part", self._folder / f"{name}.json"
        try:
            with os.fdopen(_alone(part), "wb") as out:
                out.write(manifest)
                out.flush()
                os.fsync(out.fileno())
                os.replace(part, listed)
            self._settle()
        except OSError as fault:
            raise _failed(fault) from None
        return place

    def _place(self, letter_id: str) -> Path:
        if not _CODE.fullmatch(letter_id):
            raise PrintingFailed("The letter has no proper code, so it cannot be filed.")
        return self._folder / f"{letter_id}.pdf"

    def _part(self, letter_id: str) -> Path:
        return self._folder / f".{letter_id}.part"

    def _settle(self) -> None:
        # The name of a file lives in its folder: without this a power cut may forget the rename.
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _alone(part: Path) -> int:
    """The unfinished file of a letter, open, empty and this writer's alone until it is closed.

    One name for each letter, so that what a killed release left unfinished is written over and not left to lie.  Who
    had to wait for it may hold a file that was renamed meanwhile, and must not write into that.
    """
    while True:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if part.exists() and part.stat().st_ino == os.fstat(handle).st_ino:
                os.ftruncate(handle, 0)
                return handle
        except FileNotFoundError:
            pass
        except OSError:
            os.close(handle)
            raise
        os.close(handle)


def _failed(fault: OSError) -> PrintingFailed:
    if fault.errno in _FULL:
        return PrintingFailed("The print folder is full: make room, and the letter goes by itself.")
    if fault.errno in _MISSING:
        return PrintingFailed("The print folder is not there: make it or connect it again.")
    if fault.errno in _READ_ONLY:
        return PrintingFailed("The print folder may not be written to: let the service write there.")
    return PrintingFailed(
        f"The print folder cannot be used ({errno.errorcode.get(fault.errno or 0, 'unknown fault')})."
    )
