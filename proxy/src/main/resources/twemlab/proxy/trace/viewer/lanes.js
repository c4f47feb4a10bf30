"use strict";
// The board: steps from top to bottom, a lane for each actor. Only the rows in sight exist.

const ROW = 22;
const GUTTER = 214;
const LANE_MIN = 96;
const LAST_LANE_MORE = 44;
const MARGIN_ROWS = 12;
const ARROWS_AHEAD = 150;
const SVG = "http://www.w3.org/2000/svg";

class Board {
  /** A board in an element; `on.choose(step)` and `on.look(step)` hear of clicks and pointing. */
  constructor(element, on) {
    this.on = on;
    this.chosen = 0;
    this.different = () => false;
    this.made = new Map(); // the rows that exist, by their steps
    element.replaceChildren();
    this.element = element;
    this.heading = child(element, "div", "heading");
    this.scroller = child(element, "div", "scroller");
    this.scroller.tabIndex = 0;
    this.scroller.setAttribute("role", "listbox");
    this.scroller.setAttribute("aria-label", "Steps");
    this.space = child(this.scroller, "div", "space");
    this.lines = document.createElementNS(SVG, "svg");
    this.lines.setAttribute("aria-hidden", "true");
    this.space.append(this.lines);
    this.list = child(this.space, "div", "rows");
    this.scroller.addEventListener("scroll", () => this.requestDraw());
    this.list.addEventListener("click", (e) => this.withStep(e, on.choose));
    this.list.addEventListener("pointerover", (e) => this.withStep(e, on.look));
    this.list.addEventListener("pointerleave", () => on.look(null));
    new ResizeObserver(() => this.layout()).observe(element);
  }

  withStep(event, act) {
    const row = event.target.closest(".row");
    if (row) act(Number(row.dataset.step));
  }

  show(trace, shown) {
    this.trace = trace;
    this.shown = shown;
    this.forgetRows();
    this.layout();
  }

  forgetRows() {
    this.made = new Map();
    this.list.replaceChildren();
  }

  /** Widths, after the size or the trace changed. */
  layout() {
    if (!this.trace) return;
    const lanes = this.trace.lanes;
    const free = this.scroller.clientWidth - GUTTER - LAST_LANE_MORE;
    this.laneWidth = Math.max(LANE_MIN, Math.floor(free / lanes.length));
    const width = GUTTER + this.laneWidth * lanes.length + LAST_LANE_MORE;
    this.element.style.setProperty("--lane", this.laneWidth + "px");
    this.space.style.width = width + "px";
    this.space.style.height = this.shown.length * ROW + "px";
    this.drawHeading(width);
    this.forgetRows();
    this.draw();
  }

  drawHeading(width) {
    this.heading.replaceChildren();
    this.heading.style.width = width + "px";
    span(this.heading, "gutter", "step");
    span(this.heading, "gutter time", "ms");
    span(this.heading, "gutter turn", "turn");
    this.trace.lanes.forEach((lane, i) => {
      const cell = span(this.heading, "lane " + lane.side, lane.name);
      cell.style.left = GUTTER + i * this.laneWidth + "px";
      cell.title = lane.actors.length > 1 ? lane.actors.join(", ") : lane.name;
    });
  }

  /** Where a step stands among those shown, or where it would. */
  position(step) {
    let low = 0;
    let high = this.shown.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.shown[middle] < step) low = middle + 1;
      else high = middle;
    }
    return Math.min(low, this.shown.length - 1);
  }

  choose(step) {
    this.chosen = step;
    this.reveal(this.position(step));
    this.revealLane(this.trace.lane[step]);
    this.requestDraw();
  }

  /** Sideways, if the lanes are wider than the window: the step's lane and its neighbours. */
  revealLane(lane) {
    const left = GUTTER + lane * this.laneWidth;
    const {scrollLeft, clientWidth} = this.scroller;
    if (left - this.laneWidth < scrollLeft) {
      this.scroller.scrollLeft = lane === 0 ? 0 : left - this.laneWidth;
    } else if (left + 2 * this.laneWidth > scrollLeft + clientWidth) {
      this.scroller.scrollLeft = left + 2 * this.laneWidth - clientWidth;
    }
  }

  reveal(position) {
    const top = position * ROW;
    const {scrollTop, clientHeight} = this.scroller;
    if (top < scrollTop + 2 * ROW) {
      this.scroller.scrollTop = top - 2 * ROW;
    } else if (top > scrollTop + clientHeight - 4 * ROW) {
      const far = top > scrollTop + 2 * clientHeight;
      this.scroller.scrollTop = far ? top - clientHeight / 3 : top - clientHeight + 4 * ROW;
    }
  }

  pageRows() {
    return Math.max(1, Math.floor(this.scroller.clientHeight / ROW) - 4);
  }

  /** Draws once before the next picture, however often it is asked for. */
  requestDraw() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.draw();
    });
  }

  draw() {
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / ROW) - MARGIN_ROWS);
    const count = Math.ceil(this.scroller.clientHeight / ROW) + 2 * MARGIN_ROWS;
    this.heading.style.transform = `translateX(${-this.scroller.scrollLeft}px)`;
    this.drawRange(first, Math.min(this.shown.length, first + count));
  }

  /** Rows that are there already stay; only their looks may change. */
  drawRange(from, to) {
    const before = this.made;
    this.made = new Map();
    for (let k = from; k < to; k++) {
      const step = this.shown[k];
      const element = before.get(step) || this.list.appendChild(this.row(k));
      before.delete(step);
      this.made.set(step, element);
      this.mark(element, k, step);
    }
    before.forEach((element) => element.remove());
    this.drawLines(from, to);
    this.scroller.setAttribute("aria-activedescendant", this.list.querySelector(".chosen")?.id || "");
  }

  row(k) {
    const {trace} = this;
    const step = this.shown[k];
    const row = trace.rows[step];
    const element = document.createElement("div");
    element.id = this.element.id + "-" + step;
    element.dataset.step = step;
    element.style.top = k * ROW + "px";
    element.setAttribute("role", "option");
    element.setAttribute("aria-label", `step ${step + 1}, ${millis(row.time)} ms, ${row.actor}: ${describe(trace, row)}`);
    span(element, "gutter", step + 1);
    span(element, "gutter time", millis(row.time));
    span(element, "gutter turn", this.turnLabel(k, row));
    if (trace.batch[step]) span(element, "gutter batch", trace.batch[step]);
    this.cell(element, step, row);
    return element;
  }

  mark(element, k, step) {
    const looks = this.rowClass(k, step, this.trace.rows[step]);
    if (element.className !== looks) element.className = looks;
    const chosen = String(step === this.chosen);
    if (element.getAttribute("aria-selected") !== chosen) element.setAttribute("aria-selected", chosen);
  }

  rowClass(k, step, row) {
    const {trace} = this;
    const chosen = trace.rows[this.chosen];
    const classes = ["row"];
    if (row.turn % 2 === 1) classes.push("odd");
    if (this.startsTurn(k, row)) classes.push("starts");
    if (trace.wait[step] >= 0) classes.push("in-batch");
    if (step === this.chosen) classes.push("chosen");
    else if (chosen && row.conn && row.conn === chosen.conn) classes.push("related");
    if (isError(trace, row)) classes.push("error");
    if (this.different(step)) classes.push("different");
    return classes.join(" ");
  }

  startsTurn(k, row) {
    return row.turn !== undefined && (k === 0 || this.trace.rows[this.shown[k - 1]].turn !== row.turn);
  }

  turnLabel(k, row) {
    return this.startsTurn(k, row) ? row.turn : "";
  }

  cell(element, step, row) {
    const lane = this.trace.lane[step];
    const cell = span(element, "cell " + kindClass(row), "");
    const left = GUTTER + lane * this.laneWidth;
    cell.style.left = left + "px";
    cell.style.width = `calc(100% - ${left}px)`;
    span(cell, "dot", "");
    const grouped = this.trace.lanes[lane].actors.length > 1;
    const who = grouped ? (/(\d*)$/.exec(row.actor)[1] || row.actor) + ": " : "";
    span(cell, "text", who + describe(this.trace, row));
  }

  // --- arrows

  laneX(lane) {
    return GUTTER + lane * this.laneWidth + 10;
  }

  drawLines(from, to) {
    const {lines, trace} = this;
    const top = from * ROW;
    lines.replaceChildren();
    lines.style.top = top + "px";
    lines.setAttribute("width", GUTTER + this.laneWidth * trace.lanes.length);
    lines.setAttribute("height", Math.max(0, (to - from) * ROW));
    trace.lanes.forEach((lane, i) => {
      line(lines, "life " + lane.side, this.laneX(i), 0, this.laneX(i), (to - from) * ROW);
    });
    const ahead = Math.min(this.shown.length, to + ARROWS_AHEAD);
    for (let k = from; k < ahead; k++) this.drawArrow(k, top, k < to ? -1 : to);
  }

  /** The arrow that ends at a row; of rows below the window only what begins inside it. */
  drawArrow(k, top, limit) {
    const step = this.shown[k];
    const arrow = arrowOf(this.trace, step);
    if (!arrow) return;
    const y = k * ROW + ROW / 2 - top;
    let y0 = y;
    if (arrow.origin >= 0) {
      const start = this.position(arrow.origin);
      if (this.shown[start] === arrow.origin) y0 = start * ROW + ROW / 2 - top;
    }
    if (limit >= 0 && y0 >= limit * ROW - top) return;
    const related = this.trace.rows[step].conn && this.trace.rows[step].conn === this.trace.rows[this.chosen]?.conn;
    drawArrow(this.lines, arrow.kind + (related ? " related" : ""), this.laneX(arrow.from), y0, this.laneX(arrow.to), y);
  }
}

/** Between which lanes a step moves something, or null. */
function arrowOf(trace, step) {
  const row = trace.rows[step];
  const proxy = trace.proxyLane;
  const own = trace.lane[step];
  if (ARRIVALS.has(row.call) && row.peer) {
    const from = trace.laneOf(row.peer);
    const kind = row.call === "SEGMENT" ? "data" : row.call === "FIN" ? "end" : "reset";
    return from === own ? null : {kind, from, to: own, origin: trace.origin[step]};
  }
  if (row.actor !== PROXY || row.result < 0) return null;
  if (trace.kernelLane >= 0) return kernelArrow(trace, row);
  const peer = row.peer ? trace.laneOf(row.peer) : proxy;
  if (peer === proxy) return null;
  const end = row.call === "READ" && row.result === 0;
  if (row.call === "READ" || row.call === "ACCEPT") return {kind: end ? "end" : "data", from: peer, to: proxy, origin: -1};
  return WRITES.has(row.call) || row.call === "CONNECT" ? {kind: "data", from: proxy, to: peer, origin: -1} : null;
}

function kernelArrow(trace, row) {
  const taken = row.call === "READ" ? row.result > 0 : row.call === "ACCEPT" || (row.ready || []).length > 0;
  return taken ? {kind: row.ready ? "wait" : "data", from: trace.kernelLane, to: trace.proxyLane, origin: -1} : null;
}

function drawArrow(svg, kind, x1, y1, x2, y2) {
  const sign = x1 < x2 ? 1 : -1;
  const tip = x2 - sign * 5;
  line(svg, "arrow " + kind, x1 + sign * 5, y1, tip, y2);
  const angle = Math.atan2(y2 - y1, tip - x1);
  const wing = (turn) => `${tip - 7 * Math.cos(angle + turn)},${y2 - 7 * Math.sin(angle + turn)}`;
  const head = document.createElementNS(SVG, "polygon");
  head.setAttribute("class", "head " + kind);
  head.setAttribute("points", `${tip},${y2} ${wing(0.4)} ${wing(-0.4)}`);
  svg.append(head);
}

function line(svg, kind, x1, y1, x2, y2) {
  const element = document.createElementNS(SVG, "line");
  element.setAttribute("class", kind);
  element.setAttribute("x1", x1);
  element.setAttribute("y1", y1);
  element.setAttribute("x2", x2);
  element.setAttribute("y2", y2);
  svg.append(element);
}

/** How a step is coloured. */
function kindClass(row) {
  if (row.actor === "fault") return "k-fault";
  if (DELIVERIES.has(row.call)) return "k-net";
  if (WAITS.has(row.call)) return "k-wait";
  if (row.call === "READ" || row.call === "ACCEPT") return "k-in";
  if (WRITES.has(row.call) || row.call === "CONNECT") return "k-out";
  return row.actor === PROXY ? "k-other" : "k-actor";
}

function child(parent, tag, className) {
  const element = document.createElement(tag);
  element.className = className;
  parent.append(element);
  return element;
}

function span(parent, className, text) {
  const element = child(parent, "span", className);
  element.textContent = text;
  return element;
}
