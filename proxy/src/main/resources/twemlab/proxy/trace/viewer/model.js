"use strict";
// The trace as data: reading it, and what is asked of it. Nothing here touches the page.

const PROXY = "proxy";
const KERNEL = "kernel";
const EACH_MAX = 4; // with more clients, or servers, one lane stands for all of them
const WAITS = new Set(["EPOLL_WAIT", "POLL", "SELECT", "KEVENT", "PORT_GETN", "URING_ENTER"]);
const DELIVERIES = new Set(["SEGMENT", "FIN", "RESET", "CONNECTED", "SYN_DROPPED", "COMPLETION"]);
const ARRIVALS = new Set(["SEGMENT", "FIN", "RESET"]);
const WRITES = new Set(["WRITE", "WRITEV"]);

/** Reads the lines of a .jsonl file into a trace. */
function parseTrace(text) {
  const lines = text.trimEnd();
  const rows = lines === "" ? [] : JSON.parse("[" + lines.replaceAll("\n", ",") + "]");
  const head = rows.length > 0 && rows[0].trace ? rows.shift() : {};
  const last = rows[rows.length - 1];
  const violation = last && last.violation ? rows.pop().violation : null;
  const trace = {head, rows, violation, errors: head.errors || {}};
  trace.lanes = findLanes(trace);
  place(trace);
  return trace;
}

/** The lines in a page: base64 of their zlib form. */
async function inflate(base64) {
  const bytes = atob(base64);
  const packed = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) packed[i] = bytes.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
}

/** A trace from a file's text, which may be a page with one inside. */
async function readTrace(text) {
  const page = text.match(/id="trace">([A-Za-z0-9+/=]+)</);
  return parseTrace(page ? await inflate(page[1]) : text);
}

// --- lanes

function findLanes({head, rows}) {
  const sides = new Map((head.lanes || []).map((lane) => [lane.name, lane.side]));
  for (const row of rows) {
    addLane(sides, row.actor);
    addLane(sides, row.peer);
  }
  const side = (wanted) => [...sides].filter(([, s]) => s === wanted).map(([name]) => name);
  const kernel = rows.some(atKernel) ? [KERNEL] : [];
  const lanes = [
    ...grouped(side("client"), "clients"),
    ...kernel.map((name) => ({name, side: KERNEL, actors: []})),
    {name: PROXY, side: PROXY, actors: [PROXY]},
    ...grouped(side("server"), "servers"),
  ];
  return lanes;
}

function addLane(sides, name) {
  if (name && name !== PROXY && name !== "fault" && !sides.has(name)) {
    sides.set(name, name.includes("server") ? "server" : "client");
  }
}

function grouped(names, all) {
  const side = all.slice(0, -1);
  return names.length > EACH_MAX
    ? [{name: all, side, actors: names}]
    : names.map((name) => ({name, side, actors: [name]}));
}

/** What the network does to the proxy's sockets, and faults, happen in the kernel. */
function atKernel(row) {
  return row.actor === PROXY && DELIVERIES.has(row.call);
}

// --- what is known beside the rows: lane, origin of an arrow, place in the batch

function place(trace) {
  const {rows, lanes} = trace;
  const laneOf = new Map(lanes.flatMap((lane, i) => lane.actors.map((actor) => [actor, i])));
  const proxy = lanes.findIndex((lane) => lane.side === PROXY);
  const kernel = lanes.findIndex((lane) => lane.side === KERNEL);
  trace.proxyLane = proxy;
  trace.kernelLane = kernel;
  trace.laneOf = (actor) => laneOf.get(actor) ?? (kernel >= 0 ? kernel : proxy);
  trace.lane = Uint8Array.from(rows, (row) => (atKernel(row) ? kernel : trace.laneOf(row.actor)));
  trace.origin = origins(rows);
  trace.batch = batches(rows);
  trace.wait = waits(rows);
  trace.asked = changes(rows, "asks");
  trace.queues = rows.map((row, i) => (row.queue ? i : -1)).filter((i) => i >= 0);
}

/** For each arrival at a client or server, the write that sent its first byte; -1 if unknown. */
function origins(rows) {
  const origin = new Int32Array(rows.length).fill(-1);
  const streams = new Map();
  const stream = (name) => {
    if (!streams.has(name)) streams.set(name, {sent: 0, writes: [], next: 0, arrived: 0});
    return streams.get(name);
  };
  const write = (name, i, length) => {
    const s = stream(name);
    s.sent += length;
    s.writes.push({end: s.sent, row: i});
  };
  rows.forEach((row, i) => {
    if (WRITES.has(row.call) && row.result > 0 && row.conn) write(row.conn, i, row.result);
    for (const note of row.ready || []) {
      const sent = /^SEND(?:MSG)? = (\d+)/.exec(note.events);
      if (sent && note.conn) write(note.conn, i, Number(sent[1]));
    }
    if (row.call === "SEGMENT" && row.actor !== PROXY && row.conn) {
      const s = stream(row.conn);
      while (s.next < s.writes.length && s.writes[s.next].end <= s.arrived) s.next++;
      if (s.next < s.writes.length) origin[i] = s.writes[s.next].row;
      s.arrived += row.bytes;
    }
  });
  return origin;
}

/** For each step of the proxy: which of the descriptors that the last wait reported it works on. */
function batches(rows) {
  const found = new Array(rows.length).fill(null);
  let batch = new Map();
  let turn = -1;
  rows.forEach((row, i) => {
    if (row.turn !== turn) {
      turn = row.turn;
      batch = new Map();
    }
    if (WAITS.has(row.call)) {
      batch = new Map((row.ready || []).map((note, k) => [note.fd, k + 1]));
    } else if (row.actor === PROXY && !DELIVERIES.has(row.call) && batch.has(row.fd)) {
      found[i] = batch.get(row.fd) + "/" + batch.size;
    }
  });
  return found;
}

/** For each step, the latest wait of its turn that reported something; -1 before it. */
function waits(rows) {
  const wait = new Int32Array(rows.length).fill(-1);
  let latest = -1;
  rows.forEach((row, i) => {
    if (i > 0 && row.turn !== rows[i - 1].turn) latest = -1;
    if (WAITS.has(row.call) && (row.ready || []).length > 0) latest = i;
    wait[i] = latest;
  });
  return wait;
}

/** For each descriptor, the steps that changed what the kernel watches of it. */
function changes(rows, field) {
  const byFd = new Map();
  rows.forEach((row, i) => {
    for (const note of row[field] || []) {
      if (!byFd.has(note.fd)) byFd.set(note.fd, []);
      byFd.get(note.fd).push({step: i, events: note.events});
    }
    if (row.call === "CLOSE" && byFd.has(row.fd)) {
      byFd.get(row.fd).push({step: i, events: "closed"});
    }
  });
  return byFd;
}

/** The last element of a sorted list whose `step` is not after `step`. */
function lastUntil(list, step, key = (x) => x) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(list[middle]) <= step) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : list[low - 1];
}

/** The interest set of a descriptor after a step. */
function interestAt(trace, fd, step) {
  const found = lastUntil(trace.asked.get(fd) || [], step, (x) => x.step);
  return found ? found.events : null;
}

/** What the kernel holds ready after a step. */
function queueAt(trace, step) {
  const found = lastUntil(trace.queues, step);
  return found === undefined ? [] : trace.rows[found].queue;
}

/** The name of the descriptor's connection at a step, as the latest step before knew it. */
function connectionOf(trace, fd, step) {
  for (let i = step; i >= 0 && i > step - 5000; i--) {
    const row = trace.rows[i];
    if (row.fd === fd && row.conn && row.actor === PROXY && !DELIVERIES.has(row.call)) return row.conn;
    if (row.call === "ACCEPT" && row.result === fd) return row.conn;
  }
  return null;
}

// --- words

/** An errno by name, or null. */
function errorName(trace, result) {
  const found = result < 0 && trace.errors[String(-result)];
  return found ? found[0] : null;
}

function isError(trace, row) {
  if (row.actor === "fault" || row.call === "RESET" || row.call === "SYN_DROPPED") return true;
  return row.call !== "SEGMENT" && row.result < 0 && !["EINPROGRESS", "EAGAIN", "ETIME"].includes(errorName(trace, row.result));
}

/** A step in a few words. */
function describe(trace, row) {
  switch (row.call) {
    case "SEGMENT": return row.bytes + " bytes arrive";
    case "FIN": return "end arrives";
    case "RESET": return "reset arrives";
    case "CONNECTED": return row.result === 0 ? "connected" : "connect: " + errorName(trace, row.result);
    case "ACTOR": return row.result === 0 ? "is connected" : "lost it: " + errorName(trace, row.result);
    case "FAULT": return "fault " + (row.note || row.result);
    case "COMPLETION": return "completes " + outcome(trace, row);
    default: return describeCall(trace, row);
  }
}

function describeCall(trace, row) {
  const name = row.call.toLowerCase();
  const asked = WAITS.has(row.call) && row.asks ? " +" + row.asks.length : "";
  if (row.ready) return name + asked + " → " + row.ready.map(noteText).join(", ");
  if (row.asks && !WAITS.has(row.call)) return name + " " + row.asks.map(noteText).join(", ") + failure(trace, row);
  if (WAITS.has(row.call)) return name + asked + (row.result < 0 ? failure(trace, row) : " → nothing");
  const fd = row.fd < 0 ? "" : " " + row.fd;
  return name + fd + " = " + outcome(trace, row);
}

function noteText(note) {
  return (note.fd < 0 ? "" : note.fd + " ") + note.events;
}

function failure(trace, row) {
  return row.result < 0 ? " = " + outcome(trace, row) : "";
}

function outcome(trace, row) {
  return errorName(trace, row.result) || String(row.result);
}

/** Nanoseconds as milliseconds. */
function millis(nanos) {
  return (nanos / 1e6).toFixed(4);
}

// --- filters

/** The numbers of all steps. */
function everyStep(trace) {
  const steps = new Int32Array(trace.rows.length);
  for (let i = 0; i < steps.length; i++) steps[i] = i;
  return steps;
}

/** The numbers of the steps that a filter lets through. */
function select(trace, filter) {
  const text = filter.text.toLowerCase();
  const shown = [];
  trace.rows.forEach((row, i) => {
    if (passes(trace, row, i, filter) && (text === "" || searchable(trace, row).includes(text))) shown.push(i);
  });
  return Int32Array.from(shown);
}

function passes(trace, row, i, {lane, fd, conn, kind}) {
  return (lane === "" || trace.lane[i] === Number(lane))
    && (fd === "" || concerns(row, Number(fd)))
    && (conn === "" || row.conn === conn || (row.ready || []).some((note) => note.conn === conn))
    && (kind === "" || row.call === kind);
}

/** Whether a step is about a descriptor of the proxy: a delivery's number is a port. */
function concerns(row, fd) {
  if (row.actor !== PROXY) return false;
  const own = row.fd === fd && !ARRIVALS.has(row.call) && row.call !== "CONNECTED";
  return own || (row.call === "ACCEPT" && row.result === fd) || (row.ready || []).some((note) => note.fd === fd)
    || (row.asks || []).some((note) => note.fd === fd);
}

function searchable(trace, row) {
  const notes = [...(row.ready || []), ...(row.asks || [])].map((n) => n.events + " " + (n.data || "") + " " + (n.parser || ""));
  return [row.actor, row.peer, row.conn, describe(trace, row), row.data, row.parser, row.note, ...notes].join(" ").toLowerCase();
}
