"use strict";
// The map of all skills. Thousands of boxes are why it is a canvas; all edges are drawn only where they are few
// enough to be followed with the eye, otherwise those of the chosen skill alone.
const MOST_EDGES = 250, LETTER_PX = 11.5, READABLE_PX = 7.5;

function makeMap(canvas, tip, onChoose) {
  const context = canvas.getContext("2d");
  let size = { width: 1, height: 1 }, view = { x: 0, y: 0, scale: 1 }, map = layOut(graph.skills, size);
  let shown = { unit: null, chosen: null, needs: new Set(), opens: new Set(), lit: null };
  let hovered = null, waiting = false, moved = false;

  // --- the part that is seen ---

  function fit() {
    const [width, height] = roomIn(size);
    const scale = Math.min(1.25, width / map.width, height / map.height);
    const y = MARGIN.top + (height - map.height * scale) / 2;
    view = { scale, x: (size.width - map.width * scale) / 2, y };
    moved = false;
    redraw();
  }

  function zoom(factor, x = size.width / 2, y = size.height / 2) {
    const scale = Math.min(4, Math.max(0.02, view.scale * factor)), grown = scale / view.scale;
    view = { scale, x: x - (x - view.x) * grown, y: y - (y - view.y) * grown };
    moved = true;
    redraw();
  }

  function pan(x, y) {
    view = { ...view, x: view.x + x, y: view.y + y };
    moved = true;
    redraw();
  }

  function goTo(index) {
    const one = map.at.get(index);
    if (!one) return;
    const scale = Math.max(view.scale, 0.9), { width, height } = map.box;
    view = { scale, x: -(one.x + width / 2) * scale, y: -(one.y + height / 2) * scale };
    pan(size.width / 2, size.height / 2);
  }

  function show(change) {
    const unit = shown.unit;
    shown = { ...shown, ...change };
    if (shown.unit === unit) return redraw();
    place();
    fit();
  }

  function place() {
    map = layOut(shown.unit === null ? graph.skills : graph.skills.filter((skill) => skill.unit === shown.unit), size);
  }

  new ResizeObserver(() => {
    const { width, height } = canvas.getBoundingClientRect(), before = size;
    if (!width || !height) return;
    size = { width, height };
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    // What somebody zoomed to stays in the middle.
    if (moved) return pan((width - before.width) / 2, (height - before.height) / 2);
    place();
    fit();
  }).observe(canvas);
  dark.addEventListener("change", redraw);

  // --- drawing ---

  function redraw() {
    if (!waiting) requestAnimationFrame(draw);
    waiting = true;
  }

  function draw() {
    waiting = false;
    const style = getComputedStyle(canvas), colour = (name) => style.getPropertyValue(name).trim();
    const pixels = devicePixelRatio, scaled = pixels * view.scale;
    context.setTransform(pixels, 0, 0, pixels, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    drawGrounds(colour("--faint"));
    context.setTransform(scaled, 0, 0, scaled, pixels * view.x, pixels * view.y);
    drawEdges(colour);
    for (const one of map.boxes) drawBox(one, colour);
    const chosen = map.at.get(shown.chosen);
    if (chosen) drawRing(chosen, colour("--ink"), 3, 2);
    context.setTransform(pixels, 0, 0, pixels, 0, 0);
    if (!isReadable()) drawRuns(colour("--ink"));
    drawHeadings(colour);
  }

  function isReadable() {
    return view.scale * LETTER_PX >= READABLE_PX;
  }

  function isSeen(x, y, width, height) {
    return x < size.width && x + width > 0 && y < size.height && y + height > 0;
  }

  function drawGrounds(colour) {
    const edge = 5 * Math.min(1, view.scale);
    context.fillStyle = colour;
    for (const { x, width } of map.blocks) {
      context.fillRect(view.x + x * view.scale - edge, 0, width * view.scale + 2 * edge, size.height);
    }
  }

  function drawHeadings(colour) {
    context.globalAlpha = 0.88;
    context.fillStyle = colour("--page");
    context.fillRect(0, 0, size.width, 26);
    context.globalAlpha = 1;
    context.font = "600 12px system-ui, sans-serif";
    context.textBaseline = "alphabetic";
    const long = ({ level, count }) => `level ${level} · ${count}`;
    const wide = (block) => context.measureText(long(block)).width < block.width * view.scale + 8;
    const isRoomy = map.blocks.every(wide);
    context.fillStyle = colour("--soft");
    let end = -Infinity;
    for (const block of map.blocks) {
      const left = view.x + block.x * view.scale, right = left + block.width * view.scale;
      const words = isRoomy ? long(block) : `${block === map.blocks[0] ? "level " : ""}${block.level}`;
      const x = Math.max(left, Math.min(8, right - 60));
      if (x < end) continue;
      context.fillText(words, x, 18);
      end = x + context.measureText(words).width + 7;
    }
  }

  function drawEdges(colour) {
    const isChosen = shown.chosen !== null;
    if (map.edges.length <= MOST_EDGES) {
      for (const edge of map.edges) drawEdge(edge, colour("--soft"), isChosen ? 0.12 : 0.45, 1);
    }
    if (!isChosen) return;
    for (const edge of map.edges) {
      const from = edge.from.skill.index, to = edge.to.skill.index, near = from === shown.chosen || to === shown.chosen;
      const isNeeded = shown.needs.has(from) && (to === shown.chosen || shown.needs.has(to));
      const isOpened = shown.opens.has(to) && (from === shown.chosen || shown.opens.has(from));
      if (isNeeded) drawEdge(edge, colour("--needs"), near ? 1 : 0.55, near ? 2 : 1.2);
      if (isOpened) drawEdge(edge, colour("--opens"), near ? 1 : 0.55, near ? 2 : 1.2);
    }
  }

  function drawEdge({ from, to }, colour, opacity, width) {
    const x = from.x + map.box.width, half = map.box.height / 2, bend = Math.max(24, (to.x - x) / 2);
    context.globalAlpha = opacity;
    context.strokeStyle = colour;
    context.lineWidth = width / Math.min(1, Math.max(view.scale, 0.12));
    context.beginPath();
    context.moveTo(x, from.y + half);
    context.bezierCurveTo(x + bend, from.y + half, to.x - bend, to.y + half, to.x, to.y + half);
    context.stroke();
    context.globalAlpha = 1;
  }

  function drawBox(one, colour) {
    const { skill, x, y } = one, { width, height, lines } = map.box, index = skill.index;
    const [left, top] = [view.x + x * view.scale, view.y + y * view.scale];
    if (!isSeen(left, top, width * view.scale, height * view.scale)) return;
    const isNeeded = shown.needs.has(index), isOpened = shown.opens.has(index);
    const isNear = index === shown.chosen || isNeeded || isOpened;
    const isLit = shown.chosen === null ? !shown.lit || shown.lit.has(index) : isNear;
    const paint = unitColour(skill.unit), isSmall = height * view.scale < 6;
    context.globalAlpha = isLit ? 1 : 0.22;
    context.fillStyle = isSmall ? paint.small : paint.fill;
    context.fillRect(x, y, width, height);
    context.fillStyle = paint.line;
    if (!isSmall) context.fillRect(x, y, 4, height);
    if (isNeeded || isOpened) drawRing(one, colour(isNeeded ? "--needs" : "--opens"), 1.6, 0);
    if (skill === hovered) drawRing(one, colour("--ink"), 1.6, 0);
    if (isReadable()) {
      context.fillStyle = colour("--ink");
      context.font = `${LETTER_PX}px system-ui, sans-serif`;
      context.textBaseline = "middle";
      one.lines ??= wrapped(skill.title, width - 15, lines);
      const first = y + height / 2 - (one.lines.length - 1) * 7 + 0.5;
      one.lines.forEach((line, at) => context.fillText(line, x + 10, first + at * 14));
    }
    context.globalAlpha = 1;
  }

  function drawRing(one, colour, width, away) {
    context.strokeStyle = colour;
    context.lineWidth = Math.max(width, width / view.scale);
    context.strokeRect(one.x - away, one.y - away, map.box.width + 2 * away, map.box.height + 2 * away);
  }

  function drawRuns(colour) {
    // Where titles would be too small, the name of the unit stands once over each run of its boxes.
    context.font = "10.5px system-ui, sans-serif";
    context.textBaseline = "top";
    context.fillStyle = colour;
    context.globalAlpha = shown.chosen === null && !shown.lit ? 0.85 : 0.35;
    for (let start = 0, end; start < map.boxes.length; start = end) {
      const first = map.boxes[start], isSame = (one) => one?.x === first.x && one.skill.unit === first.skill.unit;
      for (end = start + 1; isSame(map.boxes[end]); end++);
      const x = view.x + first.x * view.scale, y = view.y + first.y * view.scale, room = map.box.width * view.scale - 8;
      const height = (map.boxes[end - 1].y + map.box.height - first.y) * view.scale;
      if (height < 13 || room < 58 || !isSeen(x, y, room, height)) continue;
      const lines = wrapped(unitName(first.skill.unit), room, Math.floor(height / 12));
      lines.forEach((line, at) => context.fillText(line, x + 6, y + 1 + at * 12));
    }
    context.globalAlpha = 1;
  }

  function wrapped(title, room, most) {
    // The first words of a title on at most so many lines, in the letters that are set.
    const fits = (text) => context.measureText(text).width <= room;
    const words = title.slice(0, 200).split(" "), lines = [];
    while (words.length && lines.length < most) {
      const isLast = lines.length + 1 === most;
      let line = words.shift();
      while (words.length && (isLast || fits(`${line} ${words[0]}`))) line += ` ${words.shift()}`;
      if (!fits(line)) {
        while (line && !fits(`${line}…`)) line = line.slice(0, -1);
        line = `${line.trimEnd()}…`;
      }
      lines.push(line);
    }
    return lines;
  }

  // --- pointer and keys ---

  const pointers = new Map();
  let travelled = 0;

  function placeIn(event) {
    const area = canvas.getBoundingClientRect();
    return [event.clientX - area.left, event.clientY - area.top];
  }

  function under(event) {
    const [left, top] = placeIn(event), x = (left - view.x) / view.scale, y = (top - view.y) / view.scale;
    const isIn = (at, start, length) => at >= start && at <= start + length;
    const isThere = (one) => isIn(x, one.x, map.box.width) && isIn(y, one.y, map.box.height);
    return map.boxes.find(isThere)?.skill ?? null;
  }

  function point(event) {
    const skill = event && under(event);
    if (skill !== hovered) redraw();
    hovered = skill;
    canvas.classList.toggle("over", Boolean(skill));
    tip.hidden = !skill;
    if (!skill) return;
    tip.textContent = `${skill.title}\n${unitName(skill.unit)}, level ${skill.level}`;
    const [x, y] = placeIn(event), below = y + 16 + tip.offsetHeight < size.height;
    tip.style.left = `${Math.max(4, Math.min(x + 14, size.width - tip.offsetWidth - 8))}px`;
    tip.style.top = `${below ? y + 16 : y - tip.offsetHeight - 12}px`;
  }

  function drag(event) {
    const before = pointers.get(event.pointerId);
    if (!before) return point(event);
    pointers.set(event.pointerId, event);
    const other = [...pointers.values()].find((one) => one !== event);
    if (other) {
      const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
      return zoom(apart(event) / apart(before), ...placeIn(other));
    }
    const [x, y] = [event.clientX - before.clientX, event.clientY - before.clientY];
    travelled += Math.abs(x) + Math.abs(y);
    pan(x, y);
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event);
    travelled = pointers.size > 1 ? Infinity : 0;
  });
  canvas.addEventListener("pointermove", drag);
  canvas.addEventListener("pointerup", (event) => {
    pointers.delete(event.pointerId);
    const skill = travelled < 5 ? under(event) : null;
    if (skill) onChoose(skill.index);
  });
  canvas.addEventListener("pointercancel", (event) => pointers.delete(event.pointerId));
  canvas.addEventListener("pointerleave", () => point(null));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-Math.sign(event.deltaY) * Math.min(60, Math.abs(event.deltaY)) / 260), ...placeIn(event));
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    const factor = { "+": 1.3, "=": 1.3, "-": 1 / 1.3 }[event.key];
    if (step) pan(...step);
    else if (factor) zoom(factor);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });

  return { fit, zoom, goTo, show };
}
