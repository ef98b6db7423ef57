// Suggestions under the search box, and the keys of lists. Every page works without this file.
"use strict";

const form = document.querySelector("form.search[data-suggest]");
const typing = "input, textarea, select, [contenteditable]";

if (form) {
  const input = form.querySelector("input");
  const box = form.querySelector(".suggestions");
  let waiting = 0;
  let asked = 0;
  let chosen = -1;

  const links = () => [...box.querySelectorAll("a")];

  const close = () => {
    box.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const choose = (index) => {
    const all = links();
    if (!all.length) return;
    chosen = (index + all.length) % all.length;
    all.forEach((link, place) => link.setAttribute("aria-selected", String(place === chosen)));
    all[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[chosen].id);
  };

  const ask = async () => {
    const words = input.value.trim();
    const turn = ++asked;
    if (words.length < 2) return close();
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(words)}`, {
        headers: { "X-Requested-With": "fetch" },
      });
      if (turn !== asked) return;
      if (!answer.ok || answer.redirected) return close();
      box.innerHTML = await answer.text();
      if (turn !== asked || document.activeElement !== input) return;
      links().forEach((link, place) => {
        link.id = `suggestion-${place}`;
        link.setAttribute("role", "option");
      });
      box.hidden = false;
      chosen = -1;
      input.setAttribute("aria-expanded", "true");
    } catch {
      close();
    }
  };

  box.id = "suggestions";
  box.setAttribute("role", "listbox");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", "suggestions");
  input.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-label", input.getAttribute("aria-label"));

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !box.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" && !box.hidden) {
      event.preventDefault();
      choose(chosen + 1);
    } else if (event.key === "ArrowUp" && !box.hidden) {
      event.preventDefault();
      choose(chosen < 0 ? -1 : chosen - 1);
    } else if (event.key === "Enter" && chosen >= 0 && !box.hidden) {
      event.preventDefault();
      links()[chosen].click();
    }
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest(typing)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

// In a list, j and k walk from row to row; Enter opens the row, as on any link.
document.addEventListener("keydown", (event) => {
  if (!["j", "k"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest(typing)) return;
  const rows = [...document.querySelectorAll("[data-keys] .name a")];
  if (!rows.length) return;
  const here = rows.indexOf(document.activeElement);
  const next = event.key === "j" ? here + 1 : here - 1;
  rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
});

// One box ticks all rows of the page.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-ticks]")) return;
  document.querySelectorAll(event.target.dataset.ticks).forEach((box) => { box.checked = event.target.checked; });
});
