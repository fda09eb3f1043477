"use strict";
// What a person does with the page: choose a skill, follow the address, open a unit, look at one unit only, search.
(() => {
  const MOST_FOUND = 40, FEW_SKILLS = 60;
  const byId = new Map(graph.skills.map((skill) => [skill.id, skill]));
  const map = makeMap(get("map").querySelector("canvas"), get("tip"), choose);

  // --- the list of units ---

  const isFew = graph.skills.length <= FEW_SKILLS;
  const bySkill = graph.units.map(() => []);
  for (const skill of graph.skills) bySkill[skill.unit].push(skill);
  const folders = bySkill.map((skills, unit) => {
    const summary = element("summary", {}, swatch(unit),
      element("span", { className: "name", dir: "auto", textContent: unitName(unit) }),
      element("span", { className: "count", textContent: skills.length }));
    const light = new Set(skills.map((skill) => skill.index));
    for (const kind of ["pointerenter", "focus"]) summary.addEventListener(kind, () => map.show({ lit: light }));
    for (const kind of ["pointerleave", "blur"]) summary.addEventListener(kind, () => map.show({ lit: found }));
    return element("details", { ontoggle: () => fill(unit) }, summary);
  });
  get("tree").append(...folders);
  if (isFew) for (const folder of folders) folder.open = true;

  function fill(unit) {
    // When it is first opened: thousands of entries would make the page slow to begin with.
    if (folders[unit].children.length > 1) return;
    const only = element("button", { type: "button", className: "only", textContent: "only this unit on the map" });
    only.onclick = () => setUnit(unit);
    if (!isFew) folders[unit].append(only);
    folders[unit].append(element("ol", {}, ...bySkill[unit].map((skill) => element("li", {}, skillButton(skill, "entry",
      element("span", { className: "level", title: `level ${skill.level}`, textContent: skill.level }))))));
  }

  // --- the chosen skill, which the address names ---

  function choose(index) {
    location.hash = index === null ? "" : `#/${encodeURIComponent(graph.skills[index].id)}`;
  }

  function followAddress() {
    let id = null;
    try {
      id = decodeURIComponent(location.hash.slice(2));
    } catch {
      // Not one of our addresses.
    }
    showChosen(byId.get(id) ?? null);
  }

  function showChosen(skill) {
    document.body.classList.toggle("choosing", skill !== null);
    document.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const [needs, opens] = ["needs", "opens"].map((side) => (skill ? reach(skill.index, side) : new Set()));
    map.show({ chosen: skill?.index ?? null, needs, opens });
    if (!skill) return get("around").replaceChildren(...overview());
    get("around").replaceChildren(...neighbourhood(skill, needs, opens));
    get("go").onclick = () => map.goTo(skill.index);
    get("close").onclick = () => choose(null);
    fill(skill.unit);
    folders[skill.unit].open = true;
    const entry = folders[skill.unit].querySelector(`[data-skill="${skill.index}"]`);
    entry.setAttribute("aria-current", "true");
    entry.scrollIntoView({ block: "nearest" });
    get("around").querySelector("h2").focus({ preventScroll: true });
    drawWires();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-skill]");
    if (button) choose(Number(button.dataset.skill));
  });
  addEventListener("hashchange", followAddress);
  addEventListener("resize", drawWires);

  // --- one unit or all ---

  const select = get("unit");
  select.append(element("option", { value: "", textContent: `All units (${graph.units.length})` }),
    ...graph.units.map((_, unit) => element("option", { value: unit, textContent: unitName(unit) })));
  select.onchange = () => setUnit(select.value === "" ? null : Number(select.value));

  function setUnit(unit) {
    select.value = unit ?? "";
    map.show({ unit });
  }

  // --- the search ---

  const search = get("search"), list = get("found");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = graph.skills.map((skill) => plain(`${skill.title} ${skill.id}`));
  let found = null, active = -1;

  function look() {
    const wanted = plain(search.value).split(/\s+/).filter(Boolean);
    // Skills whose title begins with the words stand first, then those in which words begin with them.
    const begins = ({ index }, word) => ` ${words[index]}`.indexOf(` ${word}`);
    const rankOf = (at) => (at < 0 ? 2 : Math.min(at, 1));
    const rank = (skill) => wanted.reduce((sum, word) => sum + rankOf(begins(skill, word)), 0);
    const hits = graph.skills.filter((skill) => wanted.every((word) => words[skill.index].includes(word)));
    hits.sort((a, b) => rank(a) - rank(b) || a.index - b.index);
    found = wanted.length ? new Set(hits.map((skill) => skill.index)) : null;
    map.show({ lit: found });
    list.replaceChildren(...hits.slice(0, MOST_FOUND).map(option));
    const more = `${hits.length - MOST_FOUND} more; they are lit on the map`;
    const textContent = hits.length ? more : "No skill has these words in its title.";
    if (!hits.length || hits.length > MOST_FOUND) {
      list.append(element("li", { className: "soft", role: "presentation", textContent }));
    }
    setOpen(wanted.length > 0);
    mark(hits.length ? 0 : -1);
  }

  function option(skill, at) {
    const made = element("li", { id: `found-${at}`, role: "option", onclick: () => pick(skill) }, swatch(skill.unit),
      element("span", { className: "name", dir: "auto", textContent: skill.title || skill.id }),
      element("span", { className: "where", textContent: unitName(skill.unit) }));
    made.dataset.skill = skill.index;
    return made;
  }

  function setOpen(isOpen) {
    list.hidden = !isOpen;
    search.setAttribute("aria-expanded", isOpen);
  }

  function mark(at) {
    active = at;
    const options = list.querySelectorAll("[role=option]");
    options.forEach((one, number) => one.setAttribute("aria-selected", number === at));
    options[at]?.scrollIntoView({ block: "nearest" });
    if (options[at]) search.setAttribute("aria-activedescendant", options[at].id);
    else search.removeAttribute("aria-activedescendant");
  }

  function pick(skill) {
    setOpen(false);
    if (select.value !== "" && skill.unit !== Number(select.value)) setUnit(null);
    choose(skill.index);
  }

  search.addEventListener("input", look);
  search.addEventListener("focus", () => search.value && look());
  search.addEventListener("keydown", (event) => {
    const options = list.querySelectorAll("[role=option]"), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) mark((active + step + options.length) % options.length);
    else if (event.key === "Enter" && options[active]) pick(graph.skills[options[active].dataset.skill]);
    else return;
    event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => event.target.closest(".search") || setOpen(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|SELECT/.test(document.activeElement.tagName)) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape" && !list.hidden) {
      setOpen(false);
    } else if (event.key === "Escape" && search.value) {
      search.value = "";
      look();
    } else if (event.key === "Escape") {
      choose(null);
    }
  });

  // --- begin ---

  const levels = 1 + Math.max(...graph.skills.map((skill) => skill.level));
  get("counts").textContent = [counted(graph.skills.length, "skill"), counted(graph.units.length, "unit"),
    counted(levels, "level"), counted(graph.edges.length, "prerequisite")].join(" · ");
  get("legend").append(element("span", { className: "needs", textContent: "needed by the chosen skill" }),
    element("span", { className: "opens", textContent: "builds on it" }));
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.onclick = () => (Number(button.dataset.zoom) ? map.zoom(Number(button.dataset.zoom)) : map.fit());
  }
  get("app").hidden = get("tools").hidden = false;
  followAddress();
})();
