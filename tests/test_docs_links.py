"""What the pages point to is there: files, headings, names in the code, rooms, make targets."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]

FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(
    r"!?\[(?P<text>[^\]]*)\]\((?P<target>[^)\s]+)\)|\b(?:src|href)=\"(?P<html>[^\"]+)\""
)
OUTSIDE = re.compile(r"[a-z]+:", re.IGNORECASE)
WORD = r"\b(?:precision|recall|AUC|throughput|(?:a|per) second|p99|latency)\b"
NUMBER = r"\b(?!95%)\d+(?:\.\d+|,\d{3}|%|\s?ms)"  # a "95% interval" is no figure
MEASURED = re.compile(rf"{WORD}.*?{NUMBER}|{NUMBER}.*?{WORD}", re.IGNORECASE)
SCREEN = re.compile(r"images/[\w-]+\.(?:png|jpg)")
THIS_MACHINE = re.compile(r"(?<![\w.>*-])/(?:home|root|tmp|work|Users)/")


def links_of(page: Path) -> list[tuple[str, str]]:
    """Text and target of every link and image of a page, code blocks left out."""
    prose = FENCED.sub("", page.read_text("utf-8"))
    found = [(m["text"] or "", m["target"] or m["html"]) for m in LINK.finditer(prose)]
    return [(text, target) for text, target in found if not OUTSIDE.match(target)]


def place_of(page: Path, target: str) -> Path:
    path = target.partition("#")[0]
    return (page.parent / path).resolve() if path else page


def headings_of(page: Path) -> set[str]:
    lines = FENCED.sub("", page.read_text("utf-8")).splitlines()
    titles = [line.lstrip("#").strip().lower() for line in lines if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def is_named_in(name: str, source: str) -> bool:
    last = re.escape(name.rpartition(".")[2])
    return bool(
        re.search(rf"\b(?:def|class) {last}\b|^ *{last}\b[^=\n]*[:=]", source, re.MULTILINE)
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_link_and_image_leads_somewhere(name):
    page = ROOT / name
    missing = [target for _, target in links_of(page) if not place_of(page, target).exists()]
    assert not missing


@pytest.mark.parametrize("name", NAMES)
def test_every_heading_that_is_linked_exists(name):
    page = ROOT / name
    faults = []
    for _, target in links_of(page):
        heading, place = target.partition("#")[2], place_of(page, target)
        if heading and place.suffix == ".md" and place.exists():
            faults += [target] if heading not in headings_of(place) else []
    assert not faults


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_links_to_code_is_in_that_file(name):
    """A link from `take` to steps.py promises that the file defines it; a room's name is free."""
    page = ROOT / name
    faults = []
    for text, target in links_of(page):
        place, word = place_of(page, target), text.strip("`")
        if place.suffix == ".py" and text.startswith("`") and not is_room(word, place):
            faults += [] if is_named_in(word, place.read_text("utf-8")) else [f"{word} in {target}"]
    assert not faults


def is_room(word: str, place: Path) -> bool:
    parts = place.relative_to(ROOT).with_suffix("").parts
    return word.rstrip("/") in parts


def test_the_rooms_stand_in_the_order_of_the_import_map():
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one.get("containers") == ["fraud"])
    on_the_map = [room for layer in layers for room in re.findall(r"\w+", layer)]
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = text.partition("## The rooms of `fraud`")[2].partition("\n## ")[0]
    assert re.findall(r"^\| \[`(\w+)`\]", table, re.MULTILINE) == on_the_map


def test_the_readme_names_both_make_targets_and_what_they_take():
    readme = (ROOT / "README.md").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in readme
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    for variable in ("ONCE", "BROKER", "DATABASE"):
        assert f"{variable}=" in readme
        assert f"$({variable})" in makefile


@pytest.mark.parametrize("name", NAMES)
def test_a_page_with_figures_or_screens_says_what_they_were_made_on(name):
    text = (ROOT / name).read_text("utf-8")
    if MEASURED.search(text) or SCREEN.search(text):
        assert re.search(r"simulated|public data", text, re.IGNORECASE)


@pytest.mark.parametrize(
    "text", ["Precision at capacity: 0.41", "| 3,100 | claims a second |", "p99 | 210 ms"]
)
def test_a_figure_is_noticed(text):
    assert MEASURED.search(text)


def test_every_decision_is_in_the_index_with_a_date():
    index = {place_of(ROOT / "docs" / "README.md", t) for _, t in links_of(ROOT / "docs/README.md")}
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert decisions
    assert not [page.name for page in decisions if page not in index]
    assert all(
        re.search(r"^\d{4}-\d\d-\d\d, ", page.read_text(), re.MULTILINE) for page in decisions
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_page_names_a_folder_of_the_machine_it_was_written_on(name):
    assert not THIS_MACHINE.search((ROOT / name).read_text("utf-8"))


def test_pictures_stay_small():
    images = (ROOT / "docs" / "images").glob("*")
    assert not [image.name for image in images if image.stat().st_size > 250_000]
