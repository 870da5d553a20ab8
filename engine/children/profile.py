"""Says what a profile of a case management system may hold, and which offences it lists."""

from pathlib import Path

from engine.feeds.forms import Asked, Form, form_of

_FIELDS = frozenset(
    {
        "child_id",
        "given_name",
        "family_name",
        "date_of_birth",
        "crime_reference",
        "offence",
        "offence_on",
        "decision",
        "decided_on",
        "outcome",
        "disposal",
        "intervention_id",
        "intervention",
        "started_on",
        "ended_on",
        "ended_as",
        "custody_months",
        "case_manager",
    }
)
ASKED = Asked(
    "children",
    _FIELDS,
    ("intervention_id", "child_id", "given_name", "family_name", "date_of_birth", "crime_reference"),
    {
        "decision": ("out_of_court_panel", "pre_sentence_report", "referral_order_panel", "court_hearing"),
        "outcome": ("made", "no_further_action"),
        "disposal": ("custody", "community"),
        "ended_as": ("completed", "not_completed", "no_further_action"),
    },
    ("listed",),
)
"""What the feed of children asks of its profiles."""


def children_form(config: Path, name: str | None) -> Form:
    """The profile of that name, or the only one.  Raises NotFound, WrongInput or BadConfiguration."""
    form = form_of(config, ASKED, name)
    listed = form.further["listed"]
    if listed is not None and not (
        isinstance(listed, dict) and all(isinstance(each, bool) for each in listed.values())
    ):
        raise form.fault("children", "listed", "Give a table of offences with true or false, without quotation marks.")
    return form
