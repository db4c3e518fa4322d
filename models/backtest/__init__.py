"""Backtest: how well links find the positives of any table of rows, honestly split and judged."""
