"""Counts everything the manager's reports say a second time: slowly, row by row, from the raw event table alone.

Nothing here imports what it checks: no duty, measure, milestone, funnel or KPI of ``workflow``, and no statement of
``store``.  The limits come straight from the TOML files, the working days from the library ``holidays``, and what
a word means from the documents.
"""
