"""Shows the practitioner's desk: the queue, a case, the forms that record, and the letters."""
