"use strict";
// The main picture: the chosen skill between what it needs, to the left, and what needs it, each with its evidence.
// Before anything is chosen, what a teacher asks first: what holds most up, the longest way, what looks odd.
const MOST_CARDS = 60, MOST_HELD = 12;

function overview() {
  const held = graph.skills.map((skill) => [skill, reach(skill.index, "opens").size]).filter(([, count]) => count);
  held.sort((a, b) => b[1] - a[1]);
  const most = held.slice(0, MOST_HELD).map(([skill, count]) => row(skill, counted(count, "skill")));
  const way = longestWay(), remarks = graph.remarks.map((textContent) =>
    element("li", { className: "words", dir: "auto", textContent }));
  return [
    column("", most.length ? "Most is built on" : "Nothing requires anything", element("ul", {}, ...most)),
    column("", way.length > 1 ? `The longest way: ${counted(way.length, "skill")}` : "",
      element("ol", {}, ...(way.length > 1 ? way : []).map((skill) => row(skill, unitName(skill.unit))))),
    column("", remarks.length ? "Worth a look" : "Nothing looks odd", element("ul", {}, ...remarks)),
  ];
}

function longestWay() {
  const way = [graph.skills.reduce((best, skill) => (skill.level > best.level ? skill : best))];
  const below = ([other]) => graph.skills[other].level === way[0].level - 1;
  while (way[0].level) way.unshift(graph.skills[way[0].needs.find(below)[0]]);
  return way;
}

function row(skill, textContent) {
  return element("li", {}, skillButton(skill, "row", element("span", { className: "count", textContent })));
}

function column(name, heading, ...content) {
  return element("div", { className: `side ${name}` }, element("h3", { textContent: heading }), ...content);
}

function neighbourhood(skill, needs, opens) {
  const wires = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  wires.setAttribute("aria-hidden", "true");
  return [
    side("needs", "Needs", skill.needs, "Nothing: one can begin here."),
    middle(skill, needs, opens),
    side("opens", "Needed by", skill.opens, "Nothing in this graph."),
    wires,
  ];
}

function side(name, heading, rows, nothing) {
  if (!rows.length) return column(name, heading, element("p", { className: "soft", textContent: nothing }));
  const list = element("ul");
  const item = ([other, why]) => element("li", {}, card(graph.skills[other], why));
  const add = (part) => list.append(...part.map(item));
  add(rows.slice(0, MOST_CARDS));
  const made = column(name, `${heading} ${rows.length.toLocaleString("en")}`, list);
  made.addEventListener("scroll", drawWires);
  if (rows.length > MOST_CARDS) {
    const textContent = `${rows.length - MOST_CARDS} more`;
    const more = element("button", { type: "button", className: "more", textContent });
    more.onclick = () => {
      add(rows.slice(MOST_CARDS));
      more.remove();
      drawWires();
    };
    made.append(more);
  }
  return made;
}

function card(skill, why) {
  const where = element("span", { className: "where", textContent: `level ${skill.level} · ${unitName(skill.unit)}` });
  const reasons = why.map(([source, place]) =>
    element("span", { className: "why" }, element("b", { textContent: source }), ` ${place}`));
  const none = element("span", { className: "why", textContent: "no evidence given" });
  const made = skillButton(skill, "card", where, ...(reasons.length ? reasons : [none]));
  made.style.borderLeftColor = unitColour(skill.unit).line;
  return made;
}

function middle(skill, needs, opens) {
  const made = element("article", { className: "chosen" },
    element("h2", { tabIndex: -1, dir: "auto", textContent: skill.title || skill.id }),
    element("p", { className: "where" }, swatch(skill.unit), `${unitName(skill.unit)} · level ${skill.level} · `,
      element("code", { textContent: skill.id })),
    skill.description ? element("p", { className: "words", dir: "auto", textContent: skill.description }) : null,
    chain("Everything it needs", needs),
    chain("Everything that builds on it", opens),
    ...skill.together.map(([other, reason]) => element("p", { className: "together" }, "Goes together with ",
      skillButton(graph.skills[other], "link"), reason ? `: ${reason}` : "")),
    element("p", { className: "actions" },
      element("button", { type: "button", id: "go", textContent: "find on the map" }),
      element("button", { type: "button", id: "close", textContent: "close" })));
  made.style.borderTopColor = unitColour(skill.unit).line;
  return made;
}

function chain(heading, indices) {
  if (!indices.size) return null;
  const textContent = `${heading}: ${counted(indices.size, "skill")}`;
  const folder = element("details", {}, element("summary", { textContent }));
  folder.addEventListener("toggle", () => {
    if (folder.children.length > 1) return;
    const skills = [...indices].map((index) => graph.skills[index]);
    skills.sort((a, b) => a.level - b.level || a.index - b.index);
    for (const level of new Set(skills.map((skill) => skill.level))) {
      const links = skills.filter((skill) => skill.level === level).map((skill) => skillButton(skill, "link"));
      folder.append(element("p", { className: "step" }, element("b", { textContent: `level ${level} ` }), ...links));
    }
  });
  return folder;
}

function drawWires() {
  // From each card that is seen to the skill in the middle.
  const around = get("around"), centre = around.querySelector(".chosen");
  if (!centre) return;
  const frame = around.getBoundingClientRect(), to = centre.getBoundingClientRect(), lines = [];
  for (const [name, from, end] of [["needs", "right", "left"], ["opens", "left", "right"]]) {
    const seen = around.querySelector(`.${name}`).getBoundingClientRect();
    for (const one of around.querySelectorAll(`.${name} .card`)) {
      const at = one.getBoundingClientRect(), height = (at.top + at.bottom) / 2;
      if (height < seen.top || height > seen.bottom) continue;
      const x1 = at[from] - frame.left, x2 = to[end] - frame.left, bend = (x1 + x2) / 2;
      const y1 = height - frame.top, y2 = Math.min(Math.max(y1, to.top - frame.top + 24), to.top - frame.top + 60);
      const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
      line.setAttribute("d", `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`);
      line.setAttribute("class", name);
      lines.push(line);
    }
  }
  around.querySelector("svg").replaceChildren(...lines);
}
