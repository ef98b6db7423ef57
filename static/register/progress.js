// Keeps the progress of an import up to date: only the card changes, so that nobody loses his place.
// When the import has ended, the page is loaded anew. Without this script the page refreshes itself.
"use strict";

const card = document.querySelector(".progress[data-every]");

const look = async () => {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(".progress[data-every]");
    if (!answer.ok || answer.redirected || !fresh) return location.reload();
    if (fresh.textContent !== card.textContent) card.replaceChildren(...fresh.childNodes);
  } catch {
    // The network is away for a moment: the next look will tell.
  }
  wait();
};
const wait = () => setTimeout(look, Number(card.dataset.every) * 1000);

if (card) wait();
