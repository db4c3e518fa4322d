"""The house is built as the map says: arrows, names, sizes, locks and vendored files."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import models

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("fraud", "models", "streams")
VENDORED = ("fraud/web/static/vendor", "tests/browser/vendor")
BINARY = {
    ".pkl",
    ".pickle",
    ".joblib",
    ".onnx",
    ".so",
    ".parquet",
    ".db",
    ".sqlite",
    ".jar",
    ".whl",
}


def package_files() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]


def is_vendored(path: Path) -> bool:
    return path.relative_to(ROOT).as_posix().startswith(VENDORED)


def test_imports_follow_the_map():
    lint = [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"]
    result = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_models_is_ours():
    assert Path(models.__file__) == ROOT / "models" / "__init__.py"


def test_each_package_says_that_it_is_typed_and_what_it_is_for():
    for package in PACKAGES:
        assert (ROOT / package / "py.typed").exists()
        assert (ROOT / package / "__init__.py").read_text().startswith('"""')


def test_no_binaries_and_nothing_large_in_the_packages():
    faults = []
    for path in package_files():
        if is_vendored(path):
            continue
        if path.suffix in BINARY or b"\0" in path.read_bytes()[:4096]:
            faults.append(f"{path.relative_to(ROOT)} is binary")
        if path.stat().st_size > 200_000:
            faults.append(f"{path.relative_to(ROOT)} is over 200 kB")
    assert not faults


def test_no_module_is_named_model_or_hides_a_library():
    forbidden = {"model.py", "models.py", "kafka.py", "mlflow.py", "lightgbm.py", "networkx.py"}
    named = [path for path in package_files() if path.name in forbidden]
    assert not named


def test_tests_are_a_package_at_every_level():
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    missing = [folder for folder in folders if not (folder / "__init__.py").exists()]
    assert not missing


@pytest.mark.parametrize("name", ["run", "dev", "setup"])
def test_locks_have_hashes_and_no_addresses(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "://" not in text
    assert not re.search(r"--(?:extra-)?index-url|--find-links", text)
    assert not re.search(r"(?<![\w/.-])/(?:home|root|tmp|work|usr|dev)/", text)
    pinned = re.findall(r"^[A-Za-z0-9][^\s=]*==\S+", text, re.MULTILINE)
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    assert len(pinned) == sum("--hash=sha256:" in block for block in blocks)


def test_there_is_one_lock_form():
    stray = [ROOT / name for name in ("uv.lock", "pylock.toml", "poetry.lock", "package-lock.json")]
    assert not [path for path in stray if path.exists()]


@pytest.mark.parametrize("folder", VENDORED)
def test_vendored_files_are_as_published(folder):
    place = ROOT / folder
    lines = (place / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split() for line in lines)}
    present = {path.name for path in place.iterdir()} - {"SHA256SUMS"}
    assert present == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha256((place / name).read_bytes()).hexdigest() == digest, name


@pytest.mark.parametrize("folder", VENDORED)
def test_vendored_files_carry_their_licence(folder):
    names = [path.name for path in (ROOT / folder).iterdir()]
    licences = {name.split(".")[0] for name in names if ".LICENSE" in name}
    carried = {re.split(r"[.-]", name)[0] for name in names if name.endswith((".js", ".woff2"))}
    assert carried <= licences
