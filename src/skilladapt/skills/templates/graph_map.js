"use strict";
// The overview: a block for each level, from left to right, its skills as boxes in the colours of their units.
// Thousands of boxes are why this is a canvas; all edges are drawn only where they are few enough to be followed.
const MOST_EDGES = 250, READABLE_PX = 7.5;

function unitColour(unit, dark) {
  // Steps by the golden angle keep units that follow one another far apart.
  const hue = (unit * 137.508 + 205) % 360;
  return {
    fill: `hsl(${hue} ${dark ? "28% 30%" : "62% 86%"})`,
    small: `hsl(${hue} ${dark ? "38% 44%" : "52% 70%"})`,
    line: `hsl(${hue} ${dark ? "45% 62%" : "48% 42%"})`,
  };
}

function makeMap(canvas, tip, graph, onChoose) {
  const context = canvas.getContext("2d");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let view = { x: 0, y: 0, scale: 1 }, boxes = [], blocks = [], edges = [], size = { width: 1, height: 1 };
  let shown = { unit: null, chosen: null, needs: new Set(), opens: new Set(), found: null };
  let hovered = null, box = { w: 0, h: 0 }, extent = { width: 1, height: 1 }, waiting = false, moved = false;

  // --- where everything stands ---

  function layOut() {
    const skills = graph.skills.filter((skill) => shown.unit === null || skill.unit === shown.unit);
    const levels = [...new Set(skills.map((skill) => skill.level))].sort((a, b) => a - b);
    const columns = levels.map((level) => skills.filter((skill) => skill.level === level));
    const rows = shape(columns.map((column) => column.length));
    const inside = new Set(skills);
    if (columns.every((column) => column.length <= rows)) straighten(columns, inside);
    else for (const column of columns) column.sort((a, b) => a.unit - b.unit || a.index - b.index);
    boxes = []; blocks = [];
    let x = 0;
    const tallest = Math.min(rows, Math.max(...columns.map((column) => column.length))) * (box.h + box.gapY);
    columns.forEach((column, number) => {
      const wide = Math.ceil(column.length / rows), high = Math.ceil(column.length / wide);
      const top = (tallest - high * (box.h + box.gapY)) / 2;
      column.forEach((skill, place) => boxes.push({
        skill, x: x + Math.floor(place / high) * (box.w + box.gapX), y: top + (place % high) * (box.h + box.gapY),
      }));
      const width = wide * (box.w + box.gapX) - box.gapX;
      blocks.push({ x, width, level: levels[number], count: column.length });
      x += width + box.between;
    });
    extent = { width: x - box.between, height: tallest - box.gapY };
    const at = new Map(boxes.map((one) => [one.skill.index, one]));
    edges = graph.edges.filter(([before, after]) => at.has(before) && at.has(after))
      .map(([before, after]) => ({ from: at.get(before), to: at.get(after) }));
  }

  function shape(counts) {
    // The boxes, and the number of rows, that let the whole be drawn largest; nothing needs to be larger than life.
    let best = { scale: 0 };
    for (const [w, h, lines] of [[168, 38, 2], [132, 52, 3], [168, 22, 1], [104, 52, 3], [88, 66, 4]]) {
      const tried = { w, h, lines, gapX: 9, gapY: lines > 1 ? 9 : 5, between: lines > 1 ? 30 : 44 };
      for (let rows = 1; rows <= Math.max(...counts); rows = Math.max(rows + 1, Math.floor(rows * 1.06))) {
        const wide = counts.reduce((sum, count) => sum + Math.ceil(count / rows) * (w + tried.gapX) + tried.between, 0);
        const scale = Math.min(1.1, (size.width - 40) / wide, (size.height - 86) / (rows * (h + tried.gapY)));
        if (scale > best.scale * 1.001) best = { scale, rows, box: tried };
      }
    }
    box = best.box;
    return best.rows;
  }

  function straighten(columns, inside) {
    // Fewer crossings: each column by the mean place of its neighbours, to the right and back again.
    const place = new Map();
    const note = (column) => column.forEach((skill, at) => place.set(skill, (at + 0.5) / column.length));
    columns.forEach(note);
    for (let sweep = 0; sweep < 8; sweep++) {
      for (const column of sweep % 2 ? [...columns].reverse() : columns) {
        const mean = new Map(column.map((skill) => {
          const near = (sweep % 2 ? skill.opens : skill.needs).map(([other]) => graph.skills[other])
            .filter((other) => inside.has(other));
          return [skill, near.length ? near.reduce((sum, other) => sum + place.get(other), 0) / near.length : place.get(skill)];
        }));
        column.sort((a, b) => mean.get(a) - mean.get(b) || a.index - b.index);
        note(column);
      }
    }
  }

  function fit() {
    const scale = Math.min(1.25, (size.width - 40) / extent.width, (size.height - 86) / extent.height);
    view = { scale, x: (size.width - extent.width * scale) / 2, y: 34 + (size.height - 80 - extent.height * scale) / 2 };
    moved = false;
    redraw();
  }

  function zoom(factor, x = size.width / 2, y = size.height / 2) {
    const scale = Math.min(4, Math.max(0.02, view.scale * factor));
    view = { scale, x: x - (x - view.x) * scale / view.scale, y: y - (y - view.y) * scale / view.scale };
    moved = true;
    redraw();
  }

  function pan(x, y) {
    view = { ...view, x: view.x + x, y: view.y + y };
    moved = true;
    redraw();
  }

  // --- drawing ---

  function redraw() {
    if (!waiting) requestAnimationFrame(draw);
    waiting = true;
  }

  function draw() {
    waiting = false;
    const css = getComputedStyle(canvas), colour = (name) => css.getPropertyValue(name).trim();
    const ratio = devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    drawBlocks(colour);
    context.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.x, ratio * view.y);
    const chain = shown.chosen !== null;
    const lit = (skill) => skill.index === shown.chosen || shown.needs.has(skill.index) || shown.opens.has(skill.index);
    const few = edges.length <= MOST_EDGES;
    if (few) for (const edge of edges) drawEdge(edge, colour("--soft"), chain ? 0.12 : 0.45, 1);
    if (chain) for (const edge of edges) {
      const [from, to] = [edge.from.skill.index, edge.to.skill.index];
      const below = shown.needs.has(from) && (to === shown.chosen || shown.needs.has(to));
      const above = shown.opens.has(to) && (from === shown.chosen || shown.opens.has(from));
      const near = from === shown.chosen || to === shown.chosen;
      if (below || above) drawEdge(edge, colour(below ? "--needs" : "--opens"), near ? 1 : 0.55, near ? 2 : 1.2);
    }
    for (const one of boxes) drawBox(one, chain ? lit(one.skill) : !shown.found || shown.found.has(one.skill.index), colour);
    const chosen = boxes.find((one) => one.skill.index === shown.chosen);
    if (chosen) ring(chosen, colour("--ink"));
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (!readable()) drawRuns(colour);
  }

  function drawBlocks(colour) {
    context.font = "600 12px system-ui, sans-serif";
    context.textBaseline = "alphabetic";
    const long = ({ level, count }) => `level ${level} · ${count}`;
    const roomy = blocks.every((block) => context.measureText(long(block)).width < block.width * view.scale + 8);
    const edge = 5 * Math.min(1, view.scale);
    context.fillStyle = colour("--faint");
    for (const { x, width } of blocks) {
      context.fillRect(view.x + x * view.scale - edge, 0, width * view.scale + 2 * edge, size.height);
    }
    context.fillStyle = colour("--soft");
    let end = -Infinity;
    for (const block of blocks) {
      const left = view.x + block.x * view.scale, right = left + block.width * view.scale;
      const words = roomy ? long(block) : block === blocks[0] ? `level ${block.level}` : `${block.level}`;
      const x = Math.max(left, Math.min(8, right - 60));
      if (x < end) continue;
      context.fillText(words, x, 18);
      end = x + context.measureText(words).width + 7;
    }
  }

  const readable = () => view.scale * 11.5 >= READABLE_PX;

  function drawRuns(colour) {
    // Where titles would be too small, the name of the unit stands once over each run of its boxes.
    context.font = "10.5px system-ui, sans-serif";
    context.textBaseline = "top";
    context.fillStyle = colour("--ink");
    context.globalAlpha = shown.chosen === null && !shown.found ? 0.85 : 0.35;
    for (let start = 0, end; start < boxes.length; start = end) {
      const first = boxes[start];
      for (end = start + 1; end < boxes.length && boxes[end].x === first.x && boxes[end].skill.unit === first.skill.unit; end++);
      const x = view.x + first.x * view.scale + 6, y = view.y + first.y * view.scale + 1;
      const high = (boxes[end - 1].y + box.h - first.y) * view.scale, room = box.w * view.scale - 8;
      if (high < 13 || room < 58 || x > size.width || x + room < 0 || y > size.height || y + high < 0) continue;
      const lines = wrapped(graph.unitName(first.skill.unit), room, Math.floor(high / 12));
      lines.forEach((line, at) => context.fillText(line, x, y + at * 12));
    }
    context.globalAlpha = 1;
  }

  function drawBox(one, lit, colour) {
    const { skill, x, y } = one, px = box.h * view.scale;
    if (x * view.scale + view.x > size.width || (x + box.w) * view.scale + view.x < 0) return;
    if (y * view.scale + view.y > size.height || (y + box.h) * view.scale + view.y < 0) return;
    const unit = unitColour(skill.unit, dark.matches);
    context.globalAlpha = lit ? 1 : 0.22;
    context.fillStyle = px < 6 ? unit.small : unit.fill;
    context.fillRect(x, y, box.w, box.h);
    if (px >= 6) {
      context.fillStyle = unit.line;
      context.fillRect(x, y, 4, box.h);
    }
    if (shown.needs.has(skill.index) || shown.opens.has(skill.index) || skill === hovered) {
      const role = shown.needs.has(skill.index) ? "--needs" : "--opens";
      context.strokeStyle = colour(skill === hovered ? "--ink" : role);
      context.lineWidth = Math.max(1.6, 1.6 / view.scale);
      context.strokeRect(x, y, box.w, box.h);
    }
    if (readable()) {
      context.fillStyle = colour("--ink");
      context.font = "11.5px system-ui, sans-serif";
      context.textBaseline = "middle";
      one.lines ??= wrapped(skill.title, box.w - 15, box.lines);
      one.lines.forEach((line, at) => context.fillText(line, x + 10, y + box.h / 2 + (at - (one.lines.length - 1) / 2) * 14 + 0.5));
    }
    context.globalAlpha = 1;
  }

  function wrapped(title, room, most) {
    const fits = (text) => context.measureText(text).width <= room;
    const words = title.slice(0, 200).split(" "), lines = [];
    while (words.length && lines.length < most) {
      let line = words.shift();
      while (words.length && (lines.length + 1 === most || fits(`${line} ${words[0]}`))) line += ` ${words.shift()}`;
      if (!fits(line)) {
        while (line && !fits(`${line}…`)) line = line.slice(0, -1);
        line = `${line.trimEnd()}…`;
      }
      lines.push(line);
    }
    return lines;
  }

  function drawEdge({ from, to }, colour, alpha, width) {
    const x1 = from.x + box.w, y1 = from.y + box.h / 2, x2 = to.x, y2 = to.y + box.h / 2;
    const bend = Math.max(24, (x2 - x1) / 2);
    context.globalAlpha = alpha;
    context.strokeStyle = colour;
    context.lineWidth = width / Math.min(1, Math.max(view.scale, 0.12));
    context.beginPath();
    context.moveTo(x1, y1);
    context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
    context.stroke();
    context.globalAlpha = 1;
  }

  function ring(one, colour) {
    context.strokeStyle = colour;
    context.lineWidth = Math.max(2.5, 3 / view.scale);
    context.strokeRect(one.x - 2, one.y - 2, box.w + 4, box.h + 4);
  }

  // --- hands ---

  function under(event) {
    const area = canvas.getBoundingClientRect();
    const x = (event.clientX - area.left - view.x) / view.scale, y = (event.clientY - area.top - view.y) / view.scale;
    return boxes.find((one) => x >= one.x && x <= one.x + box.w && y >= one.y && y <= one.y + box.h)?.skill ?? null;
  }

  const pointers = new Map();
  let travelled = 0;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event);
    travelled = pointers.size > 1 ? 99 : 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return point(event);
    const other = [...pointers.values()].find((one) => one.pointerId !== event.pointerId);
    pointers.set(event.pointerId, event);
    if (other) {
      const distance = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
      const area = canvas.getBoundingClientRect();
      return zoom(distance(event) / distance(before), other.clientX - area.left, other.clientY - area.top);
    }
    travelled += Math.abs(event.clientX - before.clientX) + Math.abs(event.clientY - before.clientY);
    pan(event.clientX - before.clientX, event.clientY - before.clientY);
  });
  canvas.addEventListener("pointerup", (event) => {
    pointers.delete(event.pointerId);
    const skill = travelled < 5 ? under(event) : null;
    if (skill) onChoose(skill.index);
  });
  canvas.addEventListener("pointercancel", (event) => pointers.delete(event.pointerId));
  canvas.addEventListener("pointerleave", () => point(null));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const area = canvas.getBoundingClientRect();
    zoom(Math.exp(-Math.sign(event.deltaY) * Math.min(60, Math.abs(event.deltaY)) / 260), event.clientX - area.left, event.clientY - area.top);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (step) pan(...step);
    else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });

  function point(event) {
    const skill = event && under(event);
    if (skill !== hovered) redraw();
    hovered = skill;
    canvas.classList.toggle("over", Boolean(skill));
    tip.hidden = !skill;
    if (!skill) return;
    tip.textContent = `${skill.title}\n${graph.unitName(skill.unit)}, level ${skill.level}`;
    const area = canvas.getBoundingClientRect();
    const x = event.clientX - area.left + 14, y = event.clientY - area.top + 16;
    tip.style.left = `${Math.max(4, Math.min(x, size.width - tip.offsetWidth - 8))}px`;
    tip.style.top = `${y + tip.offsetHeight < size.height ? y : y - tip.offsetHeight - 28}px`;
  }

  new ResizeObserver(() => {
    const area = canvas.getBoundingClientRect();
    if (!area.width || !area.height) return;
    const before = size;
    size = { width: area.width, height: area.height };
    canvas.width = Math.round(size.width * (devicePixelRatio || 1));
    canvas.height = Math.round(size.height * (devicePixelRatio || 1));
    // What somebody zoomed to stays in the middle.
    if (moved) return pan((size.width - before.width) / 2, (size.height - before.height) / 2);
    layOut();
    fit();
  }).observe(canvas);
  dark.addEventListener("change", redraw);

  return {
    zoom,
    fit,
    show(change) {
      const unit = shown.unit;
      shown = { ...shown, ...change };
      if (shown.unit !== unit) { layOut(); fit(); } else redraw();
    },
    goTo(index) {
      const one = boxes.find((each) => each.skill.index === index);
      if (!one) return;
      const scale = Math.max(view.scale, 0.9);
      view = { scale, x: size.width / 2 - (one.x + box.w / 2) * scale, y: size.height / 2 - (one.y + box.h / 2) * scale };
      pan(0, 0);
    },
  };
}
