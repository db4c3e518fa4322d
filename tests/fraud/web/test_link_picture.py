"""The neighbourhood of a claim as a picture and as a table."""

from datetime import date
from itertools import pairwise

from fraud.store.reading import LinkPicture, PictureEdge, PictureNode
from fraud.web.link_picture import _letter, hops_from_claim, link_rows, picture_elements, shared

SINCE = date(2026, 3, 2)


def a_node(name: str, kind: str, *, hub: bool = False) -> PictureNode:
    return PictureNode(name, kind, name.upper() if kind == "CLAIM" else "", hub)


def an_edge(one: str, other: str, kind: str = "ACCOUNT") -> PictureEdge:
    return PictureEdge(one, other, kind, SINCE)


PICTURE = LinkPicture(
    (
        a_node("mine", "CLAIM"),
        a_node("account", "ACCOUNT"),
        a_node("home", "ADDRESS"),
        a_node("bureau", "EMPLOYER", hub=True),
        a_node("other", "CLAIM"),
        a_node("text-1", "REPORT"),
        a_node("text-2", "REPORT"),
    ),
    (
        an_edge("mine", "account"),
        an_edge("mine", "home", "ADDRESS"),
        an_edge("mine", "bureau", "EMPLOYER"),
        an_edge("other", "account"),
        an_edge("mine", "text-1", "REPORT"),
        an_edge("mine", "text-2", "REPORT"),
        an_edge("other", "text-1", "REPORT"),
        an_edge("other", "text-2", "REPORT"),
    ),
)


def test_only_what_is_shared_is_shown_and_a_hub_stays() -> None:
    shown = {node.id for node in shared(PICTURE).nodes}
    assert "home" not in shown
    assert {"mine", "account", "bureau", "other"} <= shown


def test_details_that_join_the_same_claims_are_one_point() -> None:
    reports = [node for node in shared(PICTURE).nodes if node.kind == "REPORT"]
    assert [node.label for node in reports] == ["×2"]


def test_points_are_told_apart_by_letters_and_claims_by_their_id() -> None:
    claims = [a_node(f"c{n}", "CLAIM") for n in range(3)]
    accounts = [a_node(f"a{n}", "ACCOUNT") for n in range(2)]
    ends = (("c0", "a0"), ("c1", "a0"), ("c0", "a1"), ("c2", "a1"))
    picture = LinkPicture((*claims, *accounts), tuple(an_edge(one, other) for one, other in ends))
    assert [node.label for node in shared(picture).nodes] == ["C0", "C1", "C2", "A", "B"]
    assert [_letter(place) for place in (0, 25, 26, 27, 51, 52)] == [
        "A",
        "Z",
        "AA",
        "AB",
        "AZ",
        "BA",
    ]


def test_a_claim_that_shares_nothing_has_no_picture() -> None:
    alone = LinkPicture(PICTURE.nodes[:3:2], (an_edge("mine", "home"),))
    assert shared(alone) == LinkPicture()
    assert picture_elements(LinkPicture(), "en") == {"nodes": [], "edges": []}


def test_the_same_case_looks_the_same_twice_whatever_the_order_of_names() -> None:
    turned = LinkPicture((PICTURE.nodes[0], *PICTURE.nodes[:0:-1]), PICTURE.edges[::-1])

    def places(picture: LinkPicture) -> dict[str, object]:
        elements = picture_elements(picture, "en")
        return {node["data"]["id"]: node["position"] for node in elements["nodes"]}

    assert places(PICTURE) == places(turned)


def test_points_further_away_stand_further_out() -> None:
    hops = hops_from_claim(PICTURE)
    assert (hops["mine"], hops["account"], hops["other"]) == (0, 1, 2)
    nodes = picture_elements(PICTURE, "en")["nodes"]
    by_hop = sorted(
        (hops[node["data"]["id"]], node["position"]["x"] ** 2 + node["position"]["y"] ** 2)
        for node in nodes
    )
    assert all(one[0] == two[0] or one[1] < two[1] for one, two in pairwise(by_hop))


def test_the_table_says_the_same_as_the_picture() -> None:
    rows = link_rows(shared(PICTURE), "en")
    assert len(rows) == len(shared(PICTURE).edges)
    assert (
        "Claim MINE",
        "names this employer",
        "Employer A (lawful hub)",
        "2 Mar 2026",
    ) in rows
