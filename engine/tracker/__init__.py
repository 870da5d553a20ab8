"""Holds the bringing over of a service's own spreadsheet of victims."""
