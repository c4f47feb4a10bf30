"use strict";
// The page: what is shown, where one stands, and what keys and controls do.

const $ = (id) => document.getElementById(id);
const FILTERS = ["lane", "fd", "conn", "kind", "text"];

const view = {trace: null, other: null, step: 0, shown: new Int32Array(0), otherShown: new Int32Array(0)};
const board = new Board($("board"), {choose: (step) => go(step), look});
let otherBoard = null;

// --- showing traces

function showTrace(trace) {
  view.trace = trace;
  $("title").textContent = trace.head.title || "Twemlab trace";
  document.title = $("title").textContent;
  $("about").textContent = aboutText(trace);
  $("about").title = trace.head.about?.configuration || "";
  $("violation").hidden = !trace.violation;
  $("violation").textContent = trace.violation ? "Violation: " + trace.violation : "";
  fillFilters(trace);
  applyFilters();
}

function aboutText({head, rows}) {
  const facts = Object.entries(head.about || {}).filter(([, value]) => value.length < 40);
  return [...facts.map(([name, value]) => `${name} ${value}`), `${rows.length.toLocaleString("en")} steps`].join(" · ");
}

function showOther(trace) {
  view.other = trace;
  document.body.classList.add("comparing");
  $("board-other").hidden = false;
  $("difference").hidden = false;
  $("difference-next").hidden = false;
  otherBoard ||= new Board($("board-other"), {choose: (step) => go(step), look: (step) => look(step, view.other)});
  const different = (step) => !sameStep(view.trace.rows[step], view.other.rows[step]);
  board.different = different;
  otherBoard.different = different;
  followScrolling(board, otherBoard);
  clearFilters();
  const found = nextDifference(view.trace, view.other, 0);
  $("violation").hidden = false;
  $("violation").className = found < 0 ? "same" : "differs";
  $("violation").textContent = found < 0
    ? `Compared with ${trace.head.title}: the same, step by step`
    : `Compared with ${trace.head.title}: the first difference is step ${found + 1}`;
  go(Math.max(0, found));
}

function followScrolling(one, other) {
  const follow = (from, to) => from.scroller.addEventListener("scroll", () => {
    if (Math.abs(to.scroller.scrollTop - from.scroller.scrollTop) > 1) to.scroller.scrollTop = from.scroller.scrollTop;
  });
  follow(one, other);
  follow(other, one);
}

// --- standing at a step

/** Goes to a step, or to the next one that the filters show. */
function go(step) {
  const started = performance.now();
  const {trace, shown} = view;
  if (shown.length === 0) return;
  const last = view.other ? Math.max(trace.rows.length, view.other.rows.length) - 1 : shown[shown.length - 1];
  const wanted = Math.max(0, Math.min(step, last));
  view.step = view.other ? wanted : shown[board.position(wanted)];
  board.choose(Math.min(view.step, trace.rows.length - 1));
  otherBoard?.choose(Math.min(view.step, view.other.rows.length - 1));
  look(null);
  $("scrub").value = view.step;
  $("position").textContent = positionText();
  drawCursor();
  twemlab.stepMillis = performance.now() - started;
}

function positionText() {
  const row = view.trace.rows[Math.min(view.step, view.trace.rows.length - 1)];
  const turn = row.turn === undefined ? "" : `, turn ${row.turn}`;
  return `step ${view.step + 1} of ${view.trace.rows.length}${turn}, ${millis(row.time)} ms`;
}

/** Shows a step in the inspector without going there; null shows the chosen one. */
function look(step, trace = view.trace) {
  inspect($("inspector"), trace, step ?? Math.min(view.step, trace.rows.length - 1));
}

/** The next shown step, in a direction, for which `wanted` holds. */
function seek(direction, wanted) {
  const {shown, trace, step} = view;
  for (let k = board.position(step) + direction; k >= 0 && k < shown.length; k += direction) {
    if (wanted(trace.rows[shown[k]], shown[k])) return go(shown[k]);
  }
}

const current = () => view.trace.rows[view.step];
const neighbour = (direction) => go(view.shown[Math.max(0, Math.min(view.shown.length - 1, board.position(view.step) + direction))]);
const sameFd = () => {
  const row = current();
  const fd = row.call === "ACCEPT" && row.result >= 0 ? row.result : row.fd;
  return (other) => fd >= 0 && concerns(other, fd);
};
const sameConnection = () => {
  const {conn} = current();
  return (other) => conn !== undefined && other.conn === conn;
};
const sameTurn = () => {
  const {turn} = current();
  return (other) => other.turn !== turn;
};

const MOVES = {
  first: () => go(0),
  last: () => go(Number.MAX_SAFE_INTEGER),
  next: () => (view.other ? go(view.step + 1) : neighbour(1)),
  previous: () => (view.other ? go(view.step - 1) : neighbour(-1)),
  nextPage: () => neighbour(board.pageRows()),
  previousPage: () => neighbour(-board.pageRows()),
  nextTurn: () => seek(1, sameTurn()),
  previousTurn: () => previousTurn(),
  nextWait: () => seek(1, (row) => WAITS.has(row.call)),
  previousWait: () => seek(-1, (row) => WAITS.has(row.call)),
  nextSame: () => seek(1, sameFd()),
  previousSame: () => seek(-1, sameFd()),
  nextOfConnection: () => seek(1, sameConnection()),
  previousOfConnection: () => seek(-1, sameConnection()),
  nextError: () => seek(1, (row) => isError(view.trace, row)),
  previousError: () => seek(-1, (row) => isError(view.trace, row)),
  firstDifference: () => difference(0),
  nextDifference: () => difference(view.step + 1),
};

/** To the first step of the turn before this one. */
function previousTurn() {
  const {shown, trace} = view;
  let k = board.position(view.step);
  const here = trace.rows[shown[k]].turn;
  while (k > 0 && trace.rows[shown[k]].turn === here) k--;
  const before = trace.rows[shown[k]].turn;
  while (k > 0 && trace.rows[shown[k - 1]].turn === before) k--;
  go(shown[k]);
}

function difference(from) {
  if (!view.other) return;
  const found = nextDifference(view.trace, view.other, from);
  if (found >= 0) go(found);
}

// --- filters

function fillFilters(trace) {
  const count = (values) => values.reduce((map, value) => map.set(value, (map.get(value) || 0) + 1), new Map());
  const fds = count(trace.rows.filter((row) => row.actor === PROXY && row.fd >= 0 && !DELIVERIES.has(row.call)).map((row) => row.fd));
  const conns = count(trace.rows.filter((row) => row.conn).map((row) => row.conn));
  const kinds = count(trace.rows.map((row) => row.call));
  options("lane", trace.lanes.map((lane, i) => [String(i), lane.name]));
  options("fd", [...fds.keys()].sort((a, b) => a - b).map((fd) => [String(fd), `${fd} (${fds.get(fd)})`]));
  options("conn", [...conns.keys()].map((conn) => [conn, `${conn} (${conns.get(conn)})`]));
  options("kind", [...kinds.keys()].sort().map((kind) => [kind, `${kind.toLowerCase()} (${kinds.get(kind)})`]));
}

function options(name, pairs) {
  const list = $("filter-" + name);
  list.replaceChildren(new Option("all", ""), ...pairs.map(([value, text]) => new Option(text, value)));
}

function filterValues() {
  return Object.fromEntries(FILTERS.map((name) => [name, $("filter-" + name).value]));
}

function applyFilters() {
  const {trace, other} = view;
  const filter = filterValues();
  const filtered = FILTERS.some((name) => filter[name] !== "");
  view.shown = filtered && !other ? select(trace, filter) : everyStep(trace);
  $("filter-count").textContent = filtered ? `${view.shown.length.toLocaleString("en")} of ${trace.rows.length.toLocaleString("en")}` : "";
  $("scrub").max = Math.max(trace.rows.length, other ? other.rows.length : 0) - 1;
  board.show(trace, view.shown);
  otherBoard?.show(other, other && everyStep(other));
  drawOverview();
  go(view.step);
}

function clearFilters() {
  FILTERS.forEach((name) => ($("filter-" + name).value = ""));
  applyFilters();
}

// --- the scrubber's picture: where the bytes, the waits and the errors are

const OVERVIEW_KINDS = ["k-net", "k-in", "k-out", "k-wait", "error"];

function drawOverview() {
  const canvas = $("overview");
  const scale = window.devicePixelRatio || 1;
  canvas.width = canvas.clientWidth * scale;
  canvas.height = canvas.clientHeight * scale;
  const {rows} = view.trace;
  const buckets = Math.max(1, Math.min(rows.length, Math.floor(canvas.clientWidth / 2)));
  const counts = OVERVIEW_KINDS.map(() => new Float32Array(buckets));
  rows.forEach((row, i) => {
    const kind = isError(view.trace, row) ? "error" : kindClass(row);
    const index = OVERVIEW_KINDS.indexOf(kind);
    if (index >= 0) counts[index][Math.floor((i / rows.length) * buckets)]++;
  });
  paintOverview(canvas.getContext("2d"), canvas.width / buckets, canvas.height, counts, scale);
}

function paintOverview(context, width, height, counts) {
  const buckets = counts[0].length;
  const totals = Array.from({length: buckets}, (_, b) => counts.reduce((sum, list) => sum + list[b], 0));
  const most = Math.max(1, ...totals);
  const style = getComputedStyle(document.documentElement);
  for (let b = 0; b < buckets; b++) {
    let y = height;
    counts.forEach((list, k) => {
      const part = (list[b] / most) * height;
      context.fillStyle = style.getPropertyValue("--" + OVERVIEW_KINDS[k]);
      context.fillRect(b * width, y - part, Math.max(1, width - 0.5), part);
      y -= part;
    });
  }
}

function drawCursor() {
  const share = view.step / Math.max(1, Number($("scrub").max));
  $("overview").parentElement.style.setProperty("--cursor", `${100 * share}%`);
}

// --- opening files

async function openFile(file, compare) {
  try {
    const trace = await readTrace(await file.text());
    if (compare && view.trace) showOther(trace);
    else showTrace(trace);
  } catch (error) {
    $("violation").hidden = false;
    $("violation").textContent = `${file.name} is no trace: ${error.message}`;
  }
}

function acceptDrops() {
  addEventListener("dragover", (e) => {
    e.preventDefault();
    $("drop").hidden = false;
  });
  addEventListener("dragleave", (e) => {
    if (!e.relatedTarget) $("drop").hidden = true;
  });
  addEventListener("drop", (e) => {
    e.preventDefault();
    $("drop").hidden = true;
    if (e.dataTransfer.files[0]) openFile(e.dataTransfer.files[0], e.shiftKey);
  });
}

// --- dark and light

function dark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  $("theme").textContent = theme === "dark" ? "Light" : "Dark";
  if (view.trace) drawOverview();
}

// --- keys and controls

const KEYS = {
  ArrowDown: MOVES.next, ArrowRight: MOVES.next, ArrowUp: MOVES.previous, ArrowLeft: MOVES.previous,
  PageDown: MOVES.nextPage, PageUp: MOVES.previousPage, Home: MOVES.first, End: MOVES.last,
  t: MOVES.nextTurn, T: MOVES.previousTurn, w: MOVES.nextWait, W: MOVES.previousWait,
  f: MOVES.nextSame, F: MOVES.previousSame, c: MOVES.nextOfConnection, C: MOVES.previousOfConnection,
  e: MOVES.nextError, E: MOVES.previousError, d: MOVES.firstDifference, D: MOVES.nextDifference,
  l: () => setTheme(dark() ? "light" : "dark"),
  "/": () => $("filter-text").focus(),
  "?": () => $("help").showModal(),
  Escape: () => clearFilters(),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || $("help").open || !view.trace) return;
  const control = event.target.closest?.("input, select, button, textarea");
  const leaves = event.key === "Escape" && control;
  if (control && control.id !== "scrub" && !leaves && (control.matches("input, select") || [" ", "Enter"].includes(event.key))) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  if (leaves) control.blur();
  act();
}

function connectControls() {
  addEventListener("keydown", onKey);
  $("filters").addEventListener("submit", (e) => e.preventDefault());
  FILTERS.forEach((name) => $("filter-" + name).addEventListener("input", applyFilters));
  $("filter-clear").addEventListener("click", clearFilters);
  $("scrub").addEventListener("input", () => go(Number($("scrub").value)));
  $("theme").addEventListener("click", KEYS.l);
  $("help-button").addEventListener("click", KEYS["?"]);
  $("open").addEventListener("change", () => openFile($("open").files[0], false));
  $("open-other").addEventListener("change", () => openFile($("open-other").files[0], true));
  document.querySelectorAll("[data-go]").forEach((button) => button.addEventListener("click", MOVES[button.dataset.go]));
  addEventListener("resize", () => view.trace && drawOverview());
  acceptDrops();
}

// --- paper: the steps from here on, as many as some pages hold

const PRINTED = 300;

function connectPrinting() {
  addEventListener("beforeprint", () => {
    const from = board.position(view.step);
    const to = Math.min(view.shown.length, from + PRINTED);
    board.space.style.height = (to - from) * ROW + "px";
    board.list.style.transform = board.lines.style.transform = `translateY(${-from * ROW}px)`;
    board.drawRange(from, to);
  });
  addEventListener("afterprint", () => {
    board.list.style.transform = board.lines.style.transform = "";
    board.layout();
  });
}

// --- the address: what stands behind # says where to begin

function applyAddress() {
  const wish = new URLSearchParams(location.hash.slice(1));
  if (wish.has("theme")) setTheme(wish.get("theme"));
  FILTERS.filter((name) => wish.has(name)).forEach((name) => ($("filter-" + name).value = wish.get(name)));
  if (FILTERS.some((name) => wish.has(name))) applyFilters();
  if (wish.has("step")) go(Number(wish.get("step")) - 1);
}

/** What tests look at: `opened` is a promise; the others are milliseconds. */
const twemlab = {view, opened: null, openMillis: 0, stepMillis: 0};

async function begin() {
  connectControls();
  connectPrinting();
  setThemeLabel();
  const packed = $("trace").textContent.trim();
  if (packed === "") {
    $("about").textContent = "Drop a trace (.jsonl or .html) on this page, or open one.";
    return;
  }
  showTrace(parseTrace(await inflate(packed)));
  $("trace").textContent = "";
  const other = $("other").textContent.trim();
  if (other !== "") showOther(parseTrace(await inflate(other)));
  applyAddress();
  board.scroller.focus();
  twemlab.openMillis = performance.now();
}

function setThemeLabel() {
  $("theme").textContent = dark() ? "Light" : "Dark";
}

twemlab.opened = begin();
