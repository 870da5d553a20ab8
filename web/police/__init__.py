"""Shows police what their force may do, and takes in what their systems send."""
