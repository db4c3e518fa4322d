"""The real parts together on a small world."""
