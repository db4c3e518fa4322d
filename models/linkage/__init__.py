"""Linkage: which records of any table are of one person, by name and fields, honestly judged."""
