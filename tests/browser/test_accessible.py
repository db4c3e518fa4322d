"""Every page in both languages on a desk and a phone: no barrier axe knows, no sideways scroll."""

from pathlib import Path

import pytest

from tests.browser.conftest import LOCALES, PHONE, WIDE, People, Person, Served
from tests.support.desk_world import AIDA, CHONG, DAYANG

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
RULES = """async () => {
  const found = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  });
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((n) => n.target).join(" | ")}`);
}"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def complaints_about(person: Person, path: str) -> list[str]:
    """What is wrong with a page once everything on it is unfolded."""
    page = person.open(path)
    page.evaluate("() => document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.evaluate(AXE)
    found: list[str] = page.evaluate(RULES)
    if page.evaluate(SIDEWAYS) > 0:
        found.append("the page scrolls sideways")
    return [f"{path}: {one}" for one in [*found, *person.complaints]]


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("language", sorted(LOCALES))
def test_every_page_is_open_to_everybody(
    people: People, served: Served, language: str, viewport: dict[str, int]
) -> None:
    cases = served.world.cases
    pages = {
        AIDA: [
            "/queue",
            "/queue?empty=1",
            *(f"/cases/{cases[name]}" for name in ("leave", "knee", "hand")),
            "/help",
        ],
        CHONG: [f"/cases/{cases['crash']}/approval", f"/cases/{cases['job']}"],
        DAYANG: ["/audit", f"/cases/{cases['fall']}"],
    }
    stranger = people.come(language=language, viewport=viewport)
    found = complaints_about(stranger, "/sign-in")
    for name, paths in pages.items():
        person = people.come(language=language, viewport=viewport).sign_in(name)
        for path in paths:
            found += complaints_about(person, path)
    assert found == []


def test_an_error_page_is_open_to_everybody(people: People) -> None:
    aida = people.come().sign_in(AIDA)
    found = complaints_about(aida, "/nothing-here")
    assert [one for one in found if "404" not in one] == []
