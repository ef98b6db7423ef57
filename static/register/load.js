// Loads a part of a page when its plain link is pressed; without this script the link opens a page.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-load]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    const part = document.createRange().createContextualFragment(await answer.text());
    (link.closest("li.more") || link).replaceWith(part);
  } catch {
    location.assign(link.href);
  }
});
// A link to a folded form unfolds it.
const unfold = () => {
  const folded = location.hash && document.querySelector(`details${location.hash}`);
  if (!folded) return;
  folded.open = true;
  folded.querySelector("textarea")?.focus();
};
addEventListener("hashchange", unfold);
document.addEventListener("click", (event) => event.target.closest('a[href^="#"]') && setTimeout(unfold));
unfold();
