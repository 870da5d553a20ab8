"""Shows the manager how the service keeps the Code."""
