"""In CI a server that is missing fails the run; elsewhere its tests skip."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = """
import pytest

@pytest.mark.kafka
def test_with_a_server():
    pytest.skip("no Java here")

def test_without():
    pytest.skip("no shared data here")
"""


@pytest.mark.parametrize(
    ("ci", "told", "code"), [("true", "1 failed, 1 skipped", 1), ("", "2 skipped", 0)]
)
def test_a_missing_server_fails_in_ci_only(ci, told, code, tmp_path):
    (tmp_path / "test_it.py").write_text(SKIPPED)
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest"]
    result = subprocess.run(
        [
            *command,
            "-c",
            str(ROOT / "pyproject.toml"),
            "-o",
            f"cache_dir={tmp_path}",
            str(tmp_path),
        ],
        cwd=ROOT,
        env=os.environ | {"CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told in result.stdout, result.stdout + result.stderr
    assert result.returncode == code
    assert ("A test marked 'kafka' may not skip in CI. Skipped: no Java" in result.stdout) == bool(
        ci
    )
