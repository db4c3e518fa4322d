"""The neighbourhood of a claim as a picture with fixed places, and as a table of the same links.

Places follow from the hops to the claim and from the order of names, so that the same case looks
the same twice.
"""

import math
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import replace
from string import ascii_uppercase
from typing import Any

from fraud.store.reading import LinkPicture, PictureNode
from fraud.wording import Language, day, has, text

CLAIM = "CLAIM"
RING_GAP = 150.0
LEAST_ARC = 92.0
"""Pixels between neighbours on a ring, so that labels do not cover each other."""


def shared(picture: LinkPicture) -> LinkPicture:
    """The picture without what nobody else names: details of this claim alone and lonely points.

    A lawful hub stays, since its other links were not opened.
    """
    degree: dict[str, int] = {}
    for edge in picture.edges:
        for end in (edge.source, edge.target):
            degree[end] = degree.get(end, 0) + 1
    kept = {
        node.id
        for n, node in enumerate(picture.nodes)
        if n == 0 or node.hub or node.kind == CLAIM or degree.get(node.id, 0) > 1
    }
    edges = tuple(e for e in picture.edges if e.source in kept and e.target in kept)
    joined = {end for edge in edges for end in (edge.source, edge.target)}
    nodes = tuple(node for node in picture.nodes if node.id in kept & joined)
    return _lettered(_folded(LinkPicture(nodes, edges)))


def _folded(picture: LinkPicture) -> LinkPicture:
    """Details of one kind that join the same claims become one point, such as `Report text ×4`."""
    ends: dict[str, set[str]] = {node.id: set() for node in picture.nodes}
    for edge in picture.edges:
        ends[edge.source].add(edge.target)
        ends[edge.target].add(edge.source)
    groups: dict[tuple[str, frozenset[str], str], list[PictureNode]] = {}
    for node in picture.nodes:
        alone = node.id if node.hub or node.kind == CLAIM else ""
        groups.setdefault((node.kind, frozenset(ends[node.id]), alone), []).append(node)
    kept = {
        alike[0].id: replace(alike[0], label=f"×{len(alike)}") if len(alike) > 1 else alike[0]
        for alike in groups.values()
    }
    nodes = tuple(kept[node.id] for node in picture.nodes if node.id in kept)
    edges = tuple(e for e in picture.edges if e.source in kept and e.target in kept)
    return LinkPicture(nodes, edges)


def _lettered(picture: LinkPicture) -> LinkPicture:
    """Points of one kind told apart by a letter, such as `Account A`: no piece of an identifier."""
    met: Counter[str] = Counter()
    nodes = []
    for node in picture.nodes:
        if node.label:
            nodes.append(node)
            continue
        nodes.append(replace(node, label=_letter(met[node.kind])))
        met[node.kind] += 1
    return LinkPicture(tuple(nodes), picture.edges)


def _letter(place: int) -> str:
    """A, B … Z, AA, AB …, counted from 0."""
    before, last = divmod(place, len(ascii_uppercase))
    return (_letter(before - 1) if before else "") + ascii_uppercase[last]


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
            angle = math.tau * n / len(ring) + (-math.pi / 2 if hop == 1 else math.pi)
            places[node.id] = (
                round(radius * math.cos(angle), 1),
                round(radius * math.sin(angle), 1),
            )
    return places
