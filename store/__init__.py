"""Remembers: the only place where SQL is written."""
