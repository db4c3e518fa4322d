"""What must hold whatever comes in, in whatever order."""
