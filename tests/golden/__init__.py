"""Answers kept as files. `RENEW_GOLDEN=1 pytest tests/golden` writes them anew; review the diff."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent


def matches(name: str, text: str) -> bool:
    """Whether a kept answer is as it was; with RENEW_GOLDEN set it becomes what it is now."""
    path = FOLDER / name
    if os.environ.get("RENEW_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    return path.read_text(encoding="utf-8") == text
