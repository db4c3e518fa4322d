"""What a claim is, what looks worth a second look and why, and how people review it."""
