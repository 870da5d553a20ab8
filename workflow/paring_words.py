"""Says what a paring of the record removes, and why the rest is kept."""

from collections.abc import Mapping

REMOVED: Mapping[str, str] = {
    "contact_points": "addresses, telephone numbers and email addresses",
    "details": "what was known of the person beside their name: guardian, relationship, risks, times and needs",
    "characteristics": "the answers about protected characteristics",
    "notes": "the words of the victim and the notes about them",
    "letters": "the texts of letters that were never sent, or not kept for the work that was done",
    "search_keys": "the digests by which what was removed could be looked for and compared",
}
"""What a paring may remove, in words."""

KEPT: Mapping[str, str] = {
    "name_and_birthday": "The name and date of birth, sealed: nobody can keep a promise not to contact somebody whom "
    "they would not know again.",
    "officer_and_offence": "The officer in charge and the offence: whoever changes their mind comes back through the "
    "officer.",
    "history": "The history in codes and days: it holds no personal data, and shows that the choice was heard.",
    "suppression": "The suppression entry, a digest: a record that comes later is stopped by it.",
    "characteristics_asked": "Whether each protected characteristic was asked, without the answer: police are told "
    "what they leave out.",
    "work_notes": "Notes on what the service itself did, because it had been in touch with the victim and must be able "
    "to answer for that.",
    "letters_sent": "The letters that were sent, as they were sent, because the service must be able to say what it "
    "wrote.",
    "other_case": "What another case of the same person still needs.",
}
"""What a paring keeps, and why."""
