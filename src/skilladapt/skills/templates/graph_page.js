"use strict";
// The page around the map: units and skills as a list, the search, and the chosen skill between what it needs and
// what needs it. Whatever comes from a syllabus is only ever set as text.
(() => {
  const graph = JSON.parse(document.getElementById("data").textContent);
  graph.skills.forEach((skill, index) => Object.assign(skill, { index, needs: [], opens: [], together: [] }));
  for (const [before, after, why] of graph.edges) {
    graph.skills[after].needs.push([before, why]);
    graph.skills[before].opens.push([after, why]);
  }
  for (const [first, second, reason] of graph.related) {
    graph.skills[first].together.push([second, reason]);
    graph.skills[second].together.push([first, reason]);
  }
  graph.unitName = (unit) => graph.units[unit] ?? "no unit";
  const byId = new Map(graph.skills.map((skill) => [skill.id, skill]));
  const get = (id) => document.getElementById(id);
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children.filter((child) => child !== null));
    return made;
  }
  const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

  function swatch(unit) {
    const made = element("i", { className: "swatch" });
    made.style.background = unitColour(unit, dark.matches).line;
    return made;
  }

  function skillButton(skill, className, ...more) {
    const button = element("button", { type: "button", className, onclick: () => choose(skill.index) },
      element("span", { className: "name", dir: "auto", textContent: skill.title || skill.id }), ...more);
    button.dataset.skill = skill.index;
    return button;
  }

  // --- the list of units ---

  const small = graph.skills.length <= 60;
  const folders = graph.units.map((_, unit) => {
    const skills = graph.skills.filter((skill) => skill.unit === unit);
    const summary = element("summary", {}, swatch(unit),
      element("span", { className: "name", dir: "auto", textContent: graph.unitName(unit) }),
      element("span", { className: "count", textContent: skills.length }));
    const folder = element("details", {}, summary);
    // Filled when it is first opened: thousands of entries would make the page slow to begin with.
    const fill = () => {
      if (folder.children.length > 1) return;
      const only = element("button", { type: "button", className: "only", textContent: "only this unit on the map", onclick: () => setUnit(unit) });
      if (!small) folder.append(only);
      folder.append(element("ol", {}, ...skills.map((skill) =>
        element("li", {}, skillButton(skill, "entry", element("span", { className: "level", textContent: skill.level, title: `level ${skill.level}` }))))));
    };
    folder.addEventListener("toggle", fill);
    return { folder, fill };
  });
  get("tree").append(...folders.map(({ folder }) => folder));
  if (small) for (const { folder } of folders) folder.open = true;

  // --- the chosen skill ---

  let chosen = null;
  const map = makeMap(get("map").querySelector("canvas"), get("tip"), graph, (index) => choose(index));

  function reach(index, side) {
    const seen = new Set(), next = [index];
    while (next.length) for (const [other] of graph.skills[next.pop()][side]) {
      if (!seen.has(other)) { seen.add(other); next.push(other); }
    }
    return seen;
  }

  function choose(index) {
    const hash = index === null ? "" : `#/${encodeURIComponent(graph.skills[index].id)}`;
    if (location.hash === hash) showChosen(index);
    else location.hash = hash;
  }

  function followAddress() {
    let id = null;
    try { id = decodeURIComponent(location.hash.slice(2)); } catch { /* not one of our addresses */ }
    showChosen(byId.get(id)?.index ?? null);
  }

  function showChosen(index) {
    chosen = index;
    const around = get("around");
    document.body.classList.toggle("choosing", index !== null);
    for (const old of document.querySelectorAll("[aria-current]")) old.removeAttribute("aria-current");
    if (index === null) {
      around.replaceChildren(...overview());
      return map.show({ chosen: null, needs: new Set(), opens: new Set() });
    }
    const skill = graph.skills[index], needs = reach(index, "needs"), opens = reach(index, "opens");
    map.show({ chosen: index, needs, opens, found: null });
    around.replaceChildren(
      side("needs", "Needs", skill.needs, "Nothing: one can begin here."),
      middle(skill, needs, opens),
      side("opens", "Needed by", skill.opens, "Nothing in this graph."),
      document.createElementNS("http://www.w3.org/2000/svg", "svg"),
    );
    around.querySelector("svg").setAttribute("aria-hidden", "true");
    folders[skill.unit].fill();
    folders[skill.unit].folder.open = true;
    const entry = get("tree").querySelector(`[data-skill="${index}"]`);
    entry.setAttribute("aria-current", "true");
    entry.scrollIntoView({ block: "nearest" });
    around.querySelector("h2").focus({ preventScroll: true });
    drawWires();
  }

  function overview() {
    // What a teacher asks first: what holds everything up, what the longest way is, what looks odd.
    const held = graph.skills.map((skill) => [skill, reach(skill.index, "opens").size]).filter(([, count]) => count);
    held.sort((a, b) => b[1] - a[1]);
    const way = [graph.skills.reduce((best, skill) => (skill.level > best.level ? skill : best))];
    while (way[0].level) way.unshift(graph.skills[way[0].needs.find(([other]) => graph.skills[other].level === way[0].level - 1)[0]]);
    const first = way[0].needs.length || way.length < 2 ? [] : way;
    return [
      element("div", { className: "side" }, element("h3", { textContent: "Most is built on" }),
        element("ul", {}, ...held.slice(0, 12).map(([skill, count]) => element("li", {}, skillButton(skill, "row", element("span", { className: "count", textContent: counted(count, "skill") })))))),
      element("div", { className: "side" }, element("h3", { textContent: `The longest way: ${counted(first.length, "skill")}` }),
        element("ol", {}, ...first.map((skill) => element("li", {}, skillButton(skill, "row", element("span", { className: "count", textContent: graph.unitName(skill.unit) })))))),
      element("div", { className: "side" }, element("h3", { textContent: graph.remarks.length ? "Worth a look" : "Nothing looks odd" }),
        element("ul", {}, ...graph.remarks.map((remark) => element("li", { className: "words", dir: "auto", textContent: remark })))),
    ];
  }

  const MOST_CARDS = 60;

  function side(name, heading, rows, nothing) {
    const list = element("ul", {});
    const add = (part) => list.append(...part.map(([other, why]) => element("li", {}, card(graph.skills[other], why))));
    add(rows.slice(0, MOST_CARDS));
    const more = rows.length > MOST_CARDS
      ? element("button", { type: "button", className: "more", textContent: `${rows.length - MOST_CARDS} more`, onclick: () => { add(rows.slice(MOST_CARDS)); more.remove(); drawWires(); } })
      : null;
    const made = element("div", { className: `side ${name}`, onscroll: drawWires },
      element("h3", { textContent: rows.length ? `${heading} ${rows.length.toLocaleString("en")}` : heading }),
      rows.length ? list : element("p", { className: "soft", textContent: nothing }), more);
    return made;
  }

  function card(skill, why) {
    const reasons = why.length
      ? why.map(([source, where]) => element("span", { className: "why" }, element("b", { textContent: source }), ` ${where}`))
      : [element("span", { className: "why", textContent: "no evidence given" })];
    const made = skillButton(skill, "card",
      element("span", { className: "where", textContent: `level ${skill.level} · ${graph.unitName(skill.unit)}` }), ...reasons);
    made.style.borderLeftColor = unitColour(skill.unit, dark.matches).line;
    return made;
  }

  function middle(skill, needs, opens) {
    const unit = element("p", { className: "where" }, swatch(skill.unit), `${graph.unitName(skill.unit)} · level ${skill.level} · `, element("code", { textContent: skill.id }));
    const made = element("article", { className: "chosen", onscroll: drawWires },
      element("h2", { tabIndex: -1, dir: "auto", textContent: skill.title || skill.id }), unit,
      skill.description ? element("p", { className: "words", dir: "auto", textContent: skill.description }) : null,
      chain("Everything it needs", needs), chain("Everything that builds on it", opens),
      ...skill.together.map(([other, reason]) => element("p", { className: "together" }, "Goes together with ", skillButton(graph.skills[other], "link"), reason ? `: ${reason}` : "")),
      element("p", { className: "actions" },
        element("button", { type: "button", textContent: "find on the map", onclick: () => map.goTo(skill.index) }),
        element("button", { type: "button", textContent: "close", onclick: () => choose(null) })));
    made.style.borderTopColor = unitColour(skill.unit, dark.matches).line;
    return made;
  }

  function chain(heading, indices) {
    if (!indices.size) return null;
    const folder = element("details", {}, element("summary", { textContent: `${heading}: ${counted(indices.size, "skill")}` }));
    folder.addEventListener("toggle", () => {
      if (folder.children.length > 1) return;
      const skills = [...indices].map((index) => graph.skills[index]).sort((a, b) => a.level - b.level || a.index - b.index);
      for (const level of new Set(skills.map((skill) => skill.level))) {
        folder.append(element("p", { className: "step" }, element("b", { textContent: `level ${level} ` }),
          ...skills.filter((skill) => skill.level === level).map((skill) => skillButton(skill, "link"))));
      }
    });
    return folder;
  }

  function drawWires() {
    const around = get("around"), wires = around.querySelector("svg"), centre = around.querySelector(".chosen");
    if (!centre) return;
    const frame = around.getBoundingClientRect(), to = centre.getBoundingClientRect(), lines = [];
    for (const [name, from, end] of [["needs", "right", "left"], ["opens", "left", "right"]]) {
      const column = around.querySelector(`.${name}`).getBoundingClientRect();
      for (const one of around.querySelectorAll(`.${name} .card`)) {
        const at = one.getBoundingClientRect(), y = (at.top + at.bottom) / 2;
        if (y < column.top || y > column.bottom) continue;
        const x1 = at[from] - frame.left, y1 = y - frame.top, x2 = to[end] - frame.left;
        const y2 = Math.min(Math.max(y1, to.top - frame.top + 24), to.top - frame.top + 60);
        const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
        line.setAttribute("d", `M${x1} ${y1}C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}`);
        line.setAttribute("class", name);
        lines.push(line);
      }
    }
    wires.replaceChildren(...lines);
  }

  // --- one unit or all ---

  const select = get("unit");
  select.append(element("option", { value: "", textContent: `All units (${graph.units.length})` }),
    ...graph.units.map((_, unit) => element("option", { value: unit, textContent: graph.unitName(unit) })));
  select.onchange = () => setUnit(select.value === "" ? null : Number(select.value));

  function setUnit(unit) {
    select.value = unit ?? "";
    map.show({ unit });
  }

  // --- the search ---

  const search = get("search"), found = get("found"), MOST_FOUND = 40;
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = graph.skills.map((skill) => plain(`${skill.title} ${skill.id}`));
  let active = -1;

  function look() {
    const wanted = plain(search.value).split(/\s+/).filter(Boolean);
    const hits = !wanted.length ? [] : graph.skills.filter((skill) => wanted.every((word) => words[skill.index].includes(word)));
    const rank = (skill) => (words[skill.index].startsWith(wanted[0]) ? 0 : words[skill.index].includes(` ${wanted[0]}`) ? 1 : 2);
    hits.sort((a, b) => rank(a) - rank(b) || a.index - b.index);
    active = hits.length ? 0 : -1;
    found.replaceChildren(...hits.slice(0, MOST_FOUND).map((skill, at) => {
      const option = element("li", { id: `found-${at}`, onclick: () => pick(skill.index) }, swatch(skill.unit),
        element("span", { className: "name", dir: "auto", textContent: skill.title || skill.id }),
        element("span", { className: "where", textContent: graph.unitName(skill.unit) }));
      option.setAttribute("role", "option");
      option.dataset.skill = skill.index;
      return option;
    }));
    if (wanted.length && hits.length !== Math.min(hits.length, MOST_FOUND) || wanted.length && !hits.length) {
      const rest = element("li", { className: "soft", textContent: hits.length ? `${hits.length - MOST_FOUND} more; they are lit on the map` : "No skill has these words in its title." });
      rest.setAttribute("role", "presentation");
      found.append(rest);
    }
    open(wanted.length > 0);
    map.show({ found: wanted.length ? new Set(hits.map((skill) => skill.index)) : null });
    mark();
  }

  function open(on) {
    found.hidden = !on;
    search.setAttribute("aria-expanded", on);
  }

  function mark() {
    const options = found.querySelectorAll("[role=option]");
    options.forEach((option, at) => option.setAttribute("aria-selected", at === active));
    if (options[active]) {
      options[active].scrollIntoView({ block: "nearest" });
      search.setAttribute("aria-activedescendant", `found-${active}`);
    } else search.removeAttribute("aria-activedescendant");
  }

  function pick(index) {
    open(false);
    if (select.value !== "" && graph.skills[index].unit !== Number(select.value)) setUnit(null);
    choose(index);
  }

  search.addEventListener("input", look);
  search.addEventListener("focus", () => search.value && look());
  search.addEventListener("keydown", (event) => {
    const options = found.querySelectorAll("[role=option]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      active = options.length ? (active + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length : -1;
      mark();
    } else if (event.key === "Enter" && options[active]) pick(Number(options[active].dataset.skill));
    else return;
    event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => event.target.closest(".search") || open(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName)) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape") {
      if (!found.hidden) open(false);
      else if (search.value) { search.value = ""; look(); }
      else choose(null);
    }
  });

  // --- begin ---

  const levels = new Set(graph.skills.map((skill) => skill.level)).size;
  get("counts").textContent = [counted(graph.skills.length, "skill"), counted(graph.units.length, "unit"), counted(levels, "level"), counted(graph.edges.length, "prerequisite")].join(" · ");
  for (const [name, label] of [["needs", "needed by the chosen skill"], ["opens", "builds on it"]]) {
    get("legend").append(element("span", { className: name, textContent: label }));
  }
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.onclick = () => (Number(button.dataset.zoom) ? map.zoom(Number(button.dataset.zoom)) : map.fit());
  }
  addEventListener("hashchange", followAddress);
  addEventListener("resize", drawWires);
  get("app").hidden = get("tools").hidden = false;
  followAddress();
})();
