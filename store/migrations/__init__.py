"""Holds the numbered migrations, from the first table on."""
