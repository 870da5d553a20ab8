"""Reads police consent records out of whatever arrives and judges each of them, value by value."""
