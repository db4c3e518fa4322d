// Comfort on top of pages that work without scripts: the link picture, and forms sent once.
"use strict";

function drawLinks(box) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  fetch(box.dataset.src, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
    .then((elements) => {
      box.closest("[data-needs-script]").hidden = false;
      // the same places on every screen, stretched to the shape of the frame
      const stretch = Math.min(2, Math.max(0.8, box.clientWidth / box.clientHeight));
      for (const node of elements.nodes) node.position.x *= stretch;
      const picture = window.cytoscape({
        container: box,
        elements,
        layout: { name: "preset", fit: true, padding: 36 },
        userZoomingEnabled: false,
        userPanningEnabled: false,
        boxSelectionEnabled: false,
        autoungrabify: true,
        style: [
          {
            selector: "node",
            style: {
              label: "data(caption)",
              "text-wrap": "wrap",
              "text-max-width": 110,
              "font-family": "Inter, sans-serif",
              "font-size": 12,
              "line-height": 1.25,
              color: colour("--txt-black-700"),
              "text-valign": "bottom",
              "text-margin-y": 5,
              "text-background-color": colour("--bg-white"),
              "text-background-opacity": 0.85,
              "text-background-padding": 2,
              width: 20,
              height: 20,
              "background-color": colour("--bg-white"),
              "border-width": 2,
              "border-color": colour("--otl-node"),
            },
          },
          {
            selector: 'node[kind = "claim"]',
            style: {
              shape: "round-rectangle",
              "background-color": colour("--bg-primary-100"),
              "border-color": colour("--bg-primary-600"),
            },
          },
          {
            selector: "node[?centre]",
            style: {
              width: 34,
              height: 34,
              "background-color": colour("--bg-primary-600"),
              "border-color": colour("--bg-primary-700"),
              "font-weight": 600,
              color: colour("--txt-black-900"),
            },
          },
          {
            selector: "node[?hub]",
            style: { "border-style": "dashed", "background-color": colour("--bg-gray-100") },
          },
          {
            selector: "edge",
            style: { width: 1.5, "line-color": colour("--otl-gray-400"), "curve-style": "straight" },
          },
        ],
      });
      // names keep their size whatever the picture was scaled by
      const scale = Math.min(2, 1 / picture.zoom()) * (box.clientWidth < 480 ? 0.85 : 1);
      picture
        .style()
        .selector("node")
        .style({ "font-size": 12 * scale, "text-max-width": 110 * scale, "text-margin-y": 5 * scale })
        .update();
      picture.fit(undefined, box.clientWidth < 480 ? 8 : 24);
    })
    .catch(() => {
      // the table below says the same
      box.closest("[data-needs-script]").hidden = true;
    });
}

document.addEventListener("DOMContentLoaded", () => {
  const box = document.getElementById("link-picture");
  if (box && window.cytoscape) drawLinks(box);

  // A step that was refused comes back as a whole page, with the reason and what was typed.
  document.body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.elt instanceof HTMLFormElement) event.detail.elt.submit();
  });

  const sent = new WeakSet();
  document.body.addEventListener("submit", (event) => {
    if (event.target.hasAttribute("hx-post")) return;
    if (sent.has(event.target)) event.preventDefault();
    sent.add(event.target);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });

  const problem = document.getElementById("problem");
  if (problem) {
    problem.tabIndex = -1;
    problem.focus();
  }
});
