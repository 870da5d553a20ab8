"""Holds the import of children, decisions and interventions from the case management system."""
