"""Holds one module for each numbered migration."""
