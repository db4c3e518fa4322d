"""The desk as people use it: by keyboard, on a phone, in both languages, without scripts."""

import pytest

from tests.browser.conftest import PHONE, WIDE, People, Person, Served
from tests.support.desk_world import AIDA, BALA, CHONG, REASONS

pytestmark = pytest.mark.browser

FOCUSED = "() => document.activeElement"
HAS_RING = """() => {
  const at = document.activeElement.closest(".choice") ?? document.activeElement;
  const style = getComputedStyle(at);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""
MOST_STOPS = 90


def tab_to(person: Person, selector: str) -> None:
    """Press Tab until the focus is on it; every stop on the way must be visible."""
    for _ in range(MOST_STOPS):
        person.page.keyboard.press("Tab")
        assert person.page.evaluate(HAS_RING), person.page.evaluate(
            "() => document.activeElement.outerHTML.slice(0, 200)"
        )
        if person.page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    pytest.fail(f"the keyboard does not reach {selector}")


def press(person: Person, key: str) -> None:
    with person.page.expect_navigation():
        person.page.keyboard.press(key)


def test_a_case_is_decided_with_the_keyboard_alone(people: People) -> None:
    aida = people.come()
    aida.open("/sign-in")
    tab_to(aida, "#name")
    aida.page.keyboard.type(AIDA)
    tab_to(aida, "#password")
    aida.page.keyboard.type("kata laluan yang panjang")
    press(aida, "Enter")
    tab_to(aida, "form[action='/queue/next'] button")
    press(aida, "Enter")
    tab_to(aida, "#v-clear")
    aida.page.keyboard.press("Space")
    tab_to(aida, "#f-reasons")
    aida.page.keyboard.type(REASONS)
    tab_to(aida, "form.decision-form button")
    press(aida, "Enter")
    assert aida.page.locator(".case-title .tag").inner_text() == "Cleared"
    assert aida.page.locator(".notice.cause").count() == 1
    assert aida.complaints == []


def test_the_first_stop_leads_past_the_menu(people: People) -> None:
    aida = people.come().sign_in(AIDA)
    aida.page.keyboard.press("Tab")
    assert aida.page.evaluate("() => document.activeElement.matches('.skip-link')")
    aida.page.keyboard.press("Enter")
    assert aida.page.evaluate("() => location.hash") == "#main"


def test_a_case_is_decided_without_scripts(people: People, served: Served) -> None:
    aida = people.come(scripts=False).sign_in(AIDA)
    page = aida.open(f"/cases/{served.world.cases['leave']}")
    assert page.locator("#link-picture").is_hidden()
    assert page.locator("#links table").count() == 1
    page.click("#who form button")
    assert page.locator("#who").get_by_text("Suria binti Langit").count() == 1
    page.click("#who a.button")
    page.fill("#f-new-note", "Written without scripts.")
    page.click("#notes form button")
    assert page.locator("#notes .notes li").count() == 2
    page.check("#v-clear")
    page.fill("#f-reasons", REASONS)
    page.click(".decision-form button")
    assert page.locator(".case-title .tag").inner_text() == "Cleared"


def test_scripts_bring_the_picture_and_exchange_only_a_part(people: People, served: Served) -> None:
    aida = people.come().sign_in(AIDA)
    page = aida.open(f"/cases/{served.world.cases['leave']}")
    page.wait_for_selector("#link-picture canvas")
    page.fill("#f-reasons", "Half a sentence that must not be lost")
    page.click("#who form button")
    page.wait_for_selector("text=Suria binti Langit")
    page.fill("#f-new-note", "Called the clinic again.")
    page.click("#notes form button")
    page.wait_for_selector("#notes >> text=Called the clinic again.")
    assert page.input_value("#f-reasons") == "Half a sentence that must not be lost"
    assert aida.complaints == []


def test_the_picture_is_the_same_twice(people: People, served: Served) -> None:
    shots = []
    for _ in range(2):
        aida = people.come().sign_in(AIDA)
        page = aida.open(f"/cases/{served.world.cases['leave']}")
        page.wait_for_selector("#link-picture canvas")
        page.wait_for_timeout(300)  # the canvas is painted on the next frames
        shots.append(page.locator("#link-picture").screenshot())
    assert shots[0] == shots[1]


def test_fields_appear_with_the_conclusion_that_needs_them(people: People, served: Served) -> None:
    aida = people.come().sign_in(AIDA)
    page = aida.open(f"/cases/{served.world.cases['leave']}")
    assert page.locator("#f-amount").is_hidden()
    page.check("#v-pay_more")
    assert page.locator("#f-amount").is_visible()
    assert page.locator("#by-office").is_visible()
    assert page.locator("#f-recovery").is_hidden()


def test_a_second_person_agrees(people: People, served: Served) -> None:
    chong = people.come().sign_in(CHONG)
    page = chong.open("/queue")
    page.click("text=Look at the decision")
    page.click("text=Agree and make it final")
    page.wait_for_load_state("networkidle")
    assert page.locator(".case-title .tag").inner_text() == "Referred to AFEI"
    assert chong.complaints == []


def test_the_language_is_switched_and_stays(people: People) -> None:
    bala = people.come().sign_in(BALA)
    bala.open("/queue").click("a.switch")
    bala.page.wait_for_load_state("networkidle")
    assert bala.page.locator("h1").inner_text() == "Meja anda"
    bala.open("/help")
    assert bala.page.locator("html").get_attribute("lang") == "ms"


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_refused_form_shows_why_first(
    people: People, served: Served, viewport: dict[str, int]
) -> None:
    aida = people.come(viewport=viewport).sign_in(AIDA)
    page = aida.open(f"/cases/{served.world.cases['leave']}")
    page.check("#v-clear")
    page.fill("#f-reasons", "Too short.")
    page.click(".decision-form button")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("() => document.activeElement.id") == "problem"
    assert page.locator("#problem").is_visible()
    assert page.locator("#v-clear").is_checked()
