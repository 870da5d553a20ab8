"""Shows the law: the editions and rules in force, one deadline with its working, and the calendar it is counted by."""
