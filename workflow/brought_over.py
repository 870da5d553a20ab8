"""Says of a case that was brought over from a spreadsheet whether a person has read what stood there."""

from workflow.case import Case


def is_brought_over(case: Case) -> bool:
    """Whether anything of the case was written before this system was there."""
    return bool(case.of("history_brought_over"))


def is_unread(case: Case) -> bool:
    """Whether something was brought over since a person last read what was: until they have, nobody is contacted.

    Nothing in a spreadsheet is lost and nothing in it is trusted: a remark may be the one that keeps somebody safe.
    """
    brought, read = case.of("history_brought_over"), case.of("brought_over_read")
    return bool(brought) and max(event.seq for event in brought) > max((event.seq for event in read), default=0)
