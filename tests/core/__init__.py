"""Tests of what is decided: no database, no clock, no network."""
