"use strict";
// Where the boxes of the map stand: a block for each level, from left to right, in as many columns as it takes.
const MARGIN = { x: 20, top: 34, bottom: 52 };
const SHAPES = [[168, 38, 2], [132, 52, 3], [168, 22, 1], [104, 52, 3], [88, 66, 4]];

function layOut(skills, size) {
  const levels = [...new Set(skills.map((skill) => skill.level))].sort((a, b) => a - b);
  const columns = levels.map((level) => skills.filter((skill) => skill.level === level));
  const { box, rows } = shapeOf(columns.map((column) => column.length), size);
  if (columns.every((column) => column.length <= rows)) straighten(columns);
  else for (const column of columns) column.sort((a, b) => a.unit - b.unit || a.index - b.index);
  const [stepX, stepY] = [box.width + box.gapX, box.height + box.gapY];
  const tallest = Math.min(rows, Math.max(...columns.map((column) => column.length))) * stepY;
  const boxes = [], blocks = [];
  let left = 0;
  for (const [number, column] of columns.entries()) {
    const wide = Math.ceil(column.length / rows), high = Math.ceil(column.length / wide);
    const top = (tallest - high * stepY) / 2;
    for (const [place, skill] of column.entries()) {
      boxes.push({ skill, x: left + Math.floor(place / high) * stepX, y: top + (place % high) * stepY });
    }
    blocks.push({ x: left, width: wide * stepX - box.gapX, level: levels[number], count: column.length });
    left += wide * stepX - box.gapX + box.between;
  }
  const at = new Map(boxes.map((one) => [one.skill.index, one]));
  const edges = graph.edges.filter(([before, after]) => at.has(before) && at.has(after));
  return {
    box, boxes, blocks, at, width: left - box.between, height: tallest - box.gapY,
    edges: edges.map(([before, after]) => ({ from: at.get(before), to: at.get(after) })),
  };
}

function roomIn(size) {
  return [Math.max(50, size.width - 2 * MARGIN.x), Math.max(50, size.height - MARGIN.top - MARGIN.bottom)];
}

function shapeOf(counts, size) {
  // The boxes, and the number of rows, that let the whole be drawn largest; nothing needs to be larger than life.
  const [width, height] = roomIn(size);
  let best = { scale: 0 };
  for (const [wide, high, lines] of SHAPES) {
    const several = lines > 1;
    const box = { width: wide, height: high, lines, gapX: 9, gapY: several ? 9 : 5, between: several ? 30 : 44 };
    for (let rows = 1; rows <= Math.max(...counts); rows = Math.max(rows + 1, Math.floor(rows * 1.06))) {
      const columns = counts.reduce((sum, count) => sum + Math.ceil(count / rows), 0);
      const whole = columns * (wide + box.gapX) + counts.length * box.between;
      const scale = Math.min(1.1, width / whole, height / (rows * (high + box.gapY)));
      if (scale > best.scale * 1.001) best = { scale, rows, box };
    }
  }
  return best;
}

function straighten(columns) {
  // Fewer crossings: each column by the mean place of its neighbours, to the right and back again.
  const place = new Map();
  const note = (column) => column.forEach((skill, at) => place.set(skill.index, (at + 0.5) / column.length));
  columns.forEach(note);
  for (let sweep = 0; sweep < 8; sweep++) {
    const side = sweep % 2 ? "opens" : "needs", mean = new Map();
    for (const column of sweep % 2 ? [...columns].reverse() : columns) {
      for (const skill of column) {
        const near = skill[side].map(([other]) => place.get(other)).filter((other) => other !== undefined);
        const sum = near.reduce((total, other) => total + other, 0);
        mean.set(skill, near.length ? sum / near.length : place.get(skill.index));
      }
      column.sort((a, b) => mean.get(a) - mean.get(b) || a.index - b.index);
      note(column);
    }
  }
}
