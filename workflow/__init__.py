"""Decides: pure functions from a case's history, the rules and the calendar to answers."""
