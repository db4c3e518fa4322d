"""The use cases: each one transaction over the store, called by worker, desk and commands."""
