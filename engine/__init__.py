"""Acts: the one door to the cases, and everything that goes through it."""
