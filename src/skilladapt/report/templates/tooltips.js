"use strict";
// Tooltips at once and also on focus, instead of the browser's own after a second; and a skill's edges lit up.
// Text is only ever set as text. Without this script every title still shows as the browser's own tooltip.
(() => {
  const box = document.createElement("div");
  box.className = "tooltip";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  document.body.append(box);
  for (const title of document.querySelectorAll("svg title")) {
    const owner = title.parentElement;
    owner.dataset.tip = title.textContent;
    owner.setAttribute("aria-label", title.textContent);
    title.remove();
  }
  const light = (node, on) => {
    const index = node.dataset.skill;
    for (const edge of document.querySelectorAll(".edge")) {
      if (edge.dataset.before === index || edge.dataset.after === index) edge.classList.toggle("lit", on);
    }
  };
  const show = (event) => {
    const owner = event.target.closest?.("[data-tip]");
    if (!owner) return;
    box.textContent = owner.dataset.tip;
    box.hidden = false;
    const at = owner.getBoundingClientRect();
    const left = Math.min(at.right + 8, innerWidth - box.offsetWidth - 8);
    const below = at.bottom + 8 + box.offsetHeight < innerHeight;
    box.style.left = `${Math.max(8, left) + scrollX}px`;
    box.style.top = `${(below ? at.bottom + 6 : Math.max(4, at.top - box.offsetHeight - 6)) + scrollY}px`;
    if (owner.dataset.skill) light(owner, true);
  };
  const hide = (event) => {
    box.hidden = true;
    const owner = event.target.closest?.("[data-skill]");
    if (owner) light(owner, false);
  };
  for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, show);
  for (const kind of ["pointerout", "focusout"]) document.addEventListener(kind, hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide(event));
})();
