"""Walks victims through, from the police file to the line in the audit."""
