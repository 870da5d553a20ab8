"""Holds the tables of moves, one module for each machine of a case."""
