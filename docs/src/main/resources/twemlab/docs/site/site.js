// Search, dark and light, colours of code. Works from file:, so nothing is fetched: the texts to
// search are a script that sets window.siteTexts.
"use strict";

const root = document.documentElement;

function stored() {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // not allowed on file: in some browsers
  }
}

function show(theme) {
  root.dataset.theme = theme;
}

const prefersDark = matchMedia("(prefers-color-scheme: dark)");
show(stored() || (prefersDark.matches ? "dark" : "light"));
document.getElementById("theme").addEventListener("click", () => {
  show(root.dataset.theme === "dark" ? "light" : "dark");
  try {
    localStorage.setItem("theme", root.dataset.theme);
  } catch {
    // then it holds for this page
  }
});

for (const code of document.querySelectorAll("pre > code[class*='language-']")) {
  const language = /language-(\w+)/.exec(code.className)[1];
  if (hljs.getLanguage(language)) {
    hljs.highlightElement(code);
  }
}

const box = document.getElementById("search");
const found = document.getElementById("found");
let index = null;

function build() {
  index ??= lunr(function () {
    this.ref("number");
    this.field("title", { boost: 5 });
    this.field("heading", { boost: 8 });
    this.field("text");
    // What a word means comes before where it is used.
    window.siteTexts.forEach((each, number) =>
      this.add({ number, ...each }, { boost: each.title === "A word" ? 30 : 1 }));
  });
}

// Words as typed, the last one perhaps unfinished.
function search(words) {
  const terms = lunr.tokenizer(words).map(String).filter((term) => term.length > 1);
  if (terms.length === 0) {
    return [];
  }
  return index.query((query) => {
    terms.forEach((term, i) => {
      query.term(term, { boost: 10 });
      // A slip of the finger: one letter, in long words two.
      const slips = term.length < 4 ? 0 : term.length < 8 ? 1 : 2;
      if (slips > 0) {
        query.term(term, { editDistance: slips, boost: 0.05 });
      }
      if (i === terms.length - 1) {
        query.term(term, { wildcard: lunr.Query.wildcard.TRAILING, usePipeline: false });
      }
    });
  });
}

function entry(result) {
  const text = window.siteTexts[result.ref];
  const item = document.createElement("li");
  const link = item.appendChild(document.createElement("a"));
  link.href = window.siteUp + text.url;
  link.textContent = text.heading || text.title;
  const where = link.appendChild(document.createElement("small"));
  where.textContent = text.title + ": " + text.text.slice(0, 110);
  return item;
}

function look() {
  build();
  const results = search(box.value).slice(0, 20);
  found.replaceChildren(...results.map(entry));
  found.hidden = box.value.trim().length < 2;
  if (!found.hidden && results.length === 0) {
    found.textContent = "Nothing found.";
  }
}

box.addEventListener("input", look);
box.addEventListener("keydown", (event) => {
  const first = found.querySelector("a");
  if (event.key === "Enter" && first) {
    first.click();
  } else if (event.key === "ArrowDown" && first) {
    event.preventDefault();
    first.focus();
  } else if (event.key === "Escape") {
    found.hidden = true;
  }
});
found.addEventListener("keydown", (event) => {
  const item = document.activeElement.closest("li");
  const next = event.key === "ArrowDown" ? item?.nextElementSibling : item?.previousElementSibling;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    (next?.querySelector("a") ?? box).focus();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== box) {
    event.preventDefault();
    box.focus();
  }
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".search")) {
    found.hidden = true;
  }
});

// index.html?q=words: a search that can be linked to.
const asked = new URLSearchParams(location.search).get("q");
if (asked) {
  box.value = asked;
  look();
}
