"""Screens for the people who review: thin views over `fraud.workflow`, no rule, no SQL."""
