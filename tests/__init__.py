"""Tests: one package that mirrors the rooms."""
