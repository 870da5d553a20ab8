"""Acts out a year of an example service: invented people, police, practitioners, and the side of the children."""
