"""Stands at the other end of the ways out: a small mail server, a small GOV.UK Notify, and houses that use them."""
