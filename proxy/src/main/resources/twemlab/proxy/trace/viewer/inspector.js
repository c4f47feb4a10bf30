"use strict";
// The inspector: everything that is known of one step.

const HEX_WIDTH = 8;

/** Fills the panel with a step. */
function inspect(panel, trace, step) {
  panel.replaceChildren();
  const row = trace.rows[step];
  if (!row) return;
  panel.dataset.step = step;
  child(panel, "h2", "").textContent = describe(trace, row);
  facts(panel, [
    ["step", `${step + 1} of ${trace.rows.length}`],
    ["time", millis(row.time) + " ms"],
    ["actor", row.actor],
    ["connection", connectionText(row)],
    ["turn", row.turn === undefined ? null : `${row.turn}${row.messages === undefined ? "" : `, ${row.messages} messages in use`}`],
    [ARRIVALS.has(row.call) || row.call === "CONNECTED" || row.call === "ACTOR" ? "port" : "descriptor", row.fd < 0 ? null : row.fd],
    ["result", resultText(trace, row)],
    ["interest", interestText(trace, row, step)],
  ]);
  notes(panel, trace, "Batch of this wait", row.ready);
  if (row.asks && row.asks.length > 0 && (WAITS.has(row.call))) notes(panel, trace, "Asked of the kernel", row.asks);
  parser(panel, row.parser);
  bytes(panel, row.data, row.call === "SEGMENT" ? row.bytes : row.result);
  readyQueue(panel, trace, step);
}

function facts(panel, pairs) {
  const list = child(panel, "dl", "facts");
  for (const [name, value] of pairs) {
    if (value === null || value === undefined) continue;
    child(list, "dt", "").textContent = name;
    child(list, "dd", name).textContent = value;
  }
}

function connectionText(row) {
  if (!row.conn) return null;
  return row.peer ? `${row.conn}, the other end is ${row.peer}` : row.conn;
}

function resultText(trace, row) {
  if (row.call === "SEGMENT") return row.bytes + " bytes";
  const known = row.result < 0 && trace.errors[String(-row.result)];
  return known ? `${known[0]} (${-row.result}): ${known[1]}` : String(row.result);
}

/** What the kernel watches of the step's descriptor from here on. */
function interestText(trace, row, step) {
  if (row.actor !== PROXY || row.fd < 0 || DELIVERIES.has(row.call) && row.call !== "COMPLETION") return null;
  return interestAt(trace, row.call === "ACCEPT" && row.result >= 0 ? row.result : row.fd, step);
}

function notes(panel, trace, title, list) {
  if (!list || list.length === 0) return;
  child(panel, "h3", "").textContent = `${title}: ${list.length}`;
  const items = child(panel, "ol", "notes");
  for (const note of list.slice(0, 64)) {
    const item = child(items, "li", "");
    span(item, "fd", note.fd < 0 ? "" : note.fd);
    span(item, "events", note.events);
    span(item, "conn", note.conn || "");
    if (note.parser) parser(item, note.parser);
    if (note.data) bytes(item, note.data, Number(/= (\d+)/.exec(note.events)?.[1] || note.data.length));
  }
}

function parser(panel, text) {
  if (!text) return;
  child(panel, "h3", "").textContent = "Parser";
  child(panel, "p", "parser").textContent = text;
}

/** Bytes as text with visible line ends, and in hex. */
function bytes(panel, data, total) {
  if (!data) return;
  const shown = total > data.length ? `the first ${data.length} of ${total}` : data.length;
  child(panel, "h3", "").textContent = `Bytes: ${shown}`;
  const text = child(panel, "pre", "bytes");
  for (const part of data.split(/(\r\n|[^ -~])/)) {
    if (part === "") continue;
    if (part === "\r\n") span(text, "control", "\\r\\n\n");
    else if (part.length === 1 && (part < " " || part > "~")) span(text, "control", escaped(part));
    else text.append(part);
  }
  child(panel, "pre", "hex").textContent = hex(data);
}

function escaped(c) {
  return {"\r": "\\r", "\n": "\\n\n", "\t": "\\t"}[c] || "\\x" + c.charCodeAt(0).toString(16).padStart(2, "0");
}

function hex(data) {
  const lines = [];
  for (let at = 0; at < data.length; at += HEX_WIDTH) {
    const part = [...data.slice(at, at + HEX_WIDTH)];
    const codes = part.map((c) => c.charCodeAt(0).toString(16).padStart(2, "0")).join(" ");
    const plain = part.map((c) => (c >= " " && c <= "~" ? c : "·")).join("");
    lines.push(`${at.toString(16).padStart(4, "0")}  ${codes.padEnd(3 * HEX_WIDTH)} ${plain}`);
  }
  return lines.join("\n");
}

function readyQueue(panel, trace, step) {
  if (trace.queues.length === 0) return;
  const queue = queueAt(trace, step);
  child(panel, "h3", "").textContent = `Kernel's ready list: ${queue.length || "empty"}`;
  const chips = child(panel, "p", "queue");
  queue.slice(0, 100).forEach((fd) => {
    const chip = span(chips, "chip", fd);
    chip.title = connectionOf(trace, fd, step) || "";
  });
}
