"""The package streams, room by room."""
