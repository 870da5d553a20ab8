"""Shows: the pages, the police interface and the manager's view of every case."""
