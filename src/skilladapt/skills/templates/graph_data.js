"use strict";
// What the other scripts share: the graph that the page carries, colours, and elements made from it.
// Whatever comes from a syllabus is only ever set as text.
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

const dark = matchMedia("(prefers-color-scheme: dark)");
const get = (id) => document.getElementById(id);
const unitName = (unit) => graph.units[unit] ?? "no unit";
const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

function unitColour(unit) {
  // Steps by the golden angle keep units that follow one another far apart.
  const hue = (unit * 137.508 + 205) % 360;
  return {
    fill: `hsl(${hue} ${dark.matches ? "28% 30%" : "62% 86%"})`,
    small: `hsl(${hue} ${dark.matches ? "38% 44%" : "52% 70%"})`,
    line: `hsl(${hue} ${dark.matches ? "45% 62%" : "48% 42%"})`,
  };
}

function reach(index, side) {
  // Every skill that one needs, or opens the way to, directly or not; by its number.
  const seen = new Set(), next = [index];
  while (next.length) {
    for (const [other] of graph.skills[next.pop()][side]) {
      if (!seen.has(other)) next.push(other);
      seen.add(other);
    }
  }
  return seen;
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null));
  return made;
}

function swatch(unit) {
  const made = element("i", { className: "swatch" });
  made.style.background = unitColour(unit).line;
  return made;
}

function skillButton(skill, className, ...more) {
  // Its click is heard by the page as a whole, wherever the button stands.
  const name = element("span", { className: "name", dir: "auto", textContent: skill.title || skill.id });
  const button = element("button", { type: "button", className }, name, ...more);
  button.dataset.skill = skill.index;
  return button;
}
