"""Holds what the feeds beside that of police share: profiles, reading, receipts."""
