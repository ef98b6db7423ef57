// Loads a part of a page when its plain link is pressed; without this script the link opens a page.
// data-load="replace": the part takes the link's place; "more": its line's; "#id": it fills that element.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-load]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const where = link.dataset.load;
  const frame = where.startsWith("#") && document.querySelector(where);
  if (frame?.firstElementChild) return show(frame);
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const part = document.createRange().createContextualFragment(await answer.text());
    link.removeAttribute("aria-busy");
    if (frame) {
      frame.replaceChildren(part);
      show(frame);
    } else {
      (link.closest("li.more") || link).replaceWith(part);
    }
  } catch {
    location.assign(link.href);
  }
});
const show = (frame) => {
  frame.scrollIntoView({ block: "center" });
  frame.querySelector("textarea")?.focus({ preventScroll: true });
};
