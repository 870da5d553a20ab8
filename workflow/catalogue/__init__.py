"""Lists every kind of event: its fields, its label and what it means, from which forms and checks are made."""

from workflow.catalogue.changing import CHANGING
from workflow.catalogue.consent import CONSENT
from workflow.catalogue.contact import CONTACT
from workflow.catalogue.deciding import DECIDING
from workflow.catalogue.feedback import FEEDBACK
from workflow.catalogue.keeping import KEEPING, SAFETY
from workflow.catalogue.knowing import KNOWING
from workflow.catalogue.opening import OPENING
from workflow.catalogue.post import CLOCK, POST
from workflow.catalogue.restorative import RESTORATIVE
from workflow.catalogue.support import SUPPORT
from workflow.events import EventKind

GROUPS: dict[str, tuple[EventKind, ...]] = {
    "Opening a case": OPENING,
    "Consent": CONSENT,
    "Knowing the victim": KNOWING,
    "Contact": CONTACT,
    "Restorative justice and reparation": RESTORATIVE,
    "Decisions about the child": DECIDING,
    "Support and complaints": SUPPORT,
    "Feedback": FEEDBACK,
    "Holds": SAFETY,
    "Keeping the record": KEEPING,
    "The post": POST,
    "The clock": CLOCK,
    "The tables": CHANGING,
}
"""The kinds by subject, in the order in which a person would look for them."""

CATALOGUE: dict[str, EventKind] = {kind.name: kind for group in GROUPS.values() for kind in group}
