"""Proves: at the level where it can break."""
