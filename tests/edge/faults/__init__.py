"""Breaks the write path on purpose: towns of cases, worker processes that are killed, and what must hold after."""
