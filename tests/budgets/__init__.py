"""What a batch may cost: statements and calls, never seconds."""
