"use strict";
// Two traces, step by step: where they differ. Times are not compared.

/** Whether two steps are the same but for their times. */
function sameStep(a, b) {
  return a !== undefined && b !== undefined
    && a.actor === b.actor && a.call === b.call && a.fd === b.fd
    && a.result === b.result && a.bytes === b.bytes && a.data === b.data
    && noteKey(a.ready) === noteKey(b.ready) && noteKey(a.asks) === noteKey(b.asks);
}

function noteKey(notes) {
  return notes === undefined ? "" : notes.map(noteText).join();
}

/** The first step from `from` on that differs, or -1. */
function nextDifference(one, other, from) {
  const end = Math.max(one.rows.length, other.rows.length);
  for (let i = from; i < end; i++) {
    if (!sameStep(one.rows[i], other.rows[i])) return i;
  }
  return -1;
}
