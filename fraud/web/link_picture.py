"""The neighbourhood of a claim as a picture with fixed places, and as a table of the same links.

Places follow from the hops to the claim and from the order of names, so that the same case looks
the same twice.
"""

import math
from collections import deque
from collections.abc import Mapping
from typing import Any

from fraud.store.reading import LinkPicture, PictureNode
from fraud.wording import Language, day, has, text

RING_GAP = 150.0
LEAST_ARC = 92.0
"""Pixels between neighbours on a ring, so that labels do not cover each other."""


def picture_elements(picture: LinkPicture, language: Language) -> dict[str, Any]:
    """Nodes with places and links, as Cytoscape.js reads them."""
    hops = hops_from_claim(picture)
    places = _places(picture, hops)
    return {
        "nodes": [
            {
                "data": {
                    "id": node.id,
                    "kind": node.kind.lower(),
                    "caption": f"{kind_word('node', node.kind, language)}\n{node.label}",
                    "hub": node.hub,
                    "centre": hops[node.id] == 0,
                },
                "position": {"x": places[node.id][0], "y": places[node.id][1]},
            }
            for node in picture.nodes
        ],
        "edges": [
            {"data": {"id": f"link-{n}", "source": edge.source, "target": edge.target}}
            for n, edge in enumerate(picture.edges)
        ],
    }


def link_rows(picture: LinkPicture, language: Language) -> list[tuple[str, str, str, str]]:
    """The same links as rows: from, how, to, since."""
    named = {node.id: _named(node, language) for node in picture.nodes}
    return [
        (
            named[edge.source],
            kind_word("edge", edge.kind, language),
            named[edge.target],
            day(edge.first_seen, language),
        )
        for edge in picture.edges
    ]


def _named(node: PictureNode, language: Language) -> str:
    name = f"{kind_word('node', node.kind, language)} {node.label}".strip()
    return f"{name} ({text('links.hub', language)})" if node.hub else name


def kind_word(what: str, kind: str, language: Language) -> str:
    """The word for a kind of node or link."""
    key = f"{what}.{kind.lower()}"
    return text(key, language) if has(key, language) else kind.replace("_", " ").lower()


def hops_from_claim(picture: LinkPicture) -> dict[str, int]:
    """Links between each node and the claim; what is not joined to it counts as one hop more."""
    neighbours: dict[str, list[str]] = {node.id: [] for node in picture.nodes}
    for edge in picture.edges:
        neighbours[edge.source].append(edge.target)
        neighbours[edge.target].append(edge.source)
    if not picture.nodes:
        return {}
    start = picture.nodes[0].id
    hops, queue = {start: 0}, deque([start])
    while queue:
        here = queue.popleft()
        for there in neighbours[here]:
            if there not in hops:
                hops[there] = hops[here] + 1
                queue.append(there)
    beyond = max(hops.values()) + 1
    return {node.id: hops.get(node.id, beyond) for node in picture.nodes}


def _places(picture: LinkPicture, hops: Mapping[str, int]) -> dict[str, tuple[float, float]]:
    rings: dict[int, list[PictureNode]] = {}
    for node in sorted(picture.nodes, key=lambda node: (node.kind, node.label, node.id)):
        rings.setdefault(hops[node.id], []).append(node)
    places: dict[str, tuple[float, float]] = {}
    radius = 0.0
    for hop in sorted(rings):
        ring = rings[hop]
        if hop:
            radius = max(radius + RING_GAP, LEAST_ARC * len(ring) / math.tau)
        for n, node in enumerate(ring):
            angle = math.tau * n / len(ring) - math.pi / 2 + 0.35 * hop
            places[node.id] = (
                round(radius * math.cos(angle), 1),
                round(radius * math.sin(angle), 1),
            )
    return places
