"""Proves the edges of the house: what comes in, what is kept, what leaves."""
