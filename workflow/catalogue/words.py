"""Gives nearly every event its field for words, which are kept apart from the history."""

from workflow.events import Field, FieldKind

WORDS = Field(
    "note", "Note", FieldKind.NOTE, hint="What another worker would need to know. Kept apart from the history."
)
