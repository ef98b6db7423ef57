// Stops a form whose texts are more than the server takes, before it is sent: all that was written stays on the page.
// The server refuses it in any case; then a form that was loaded into its page would be lost.
const { most, words } = document.currentScript.dataset;
const bytes = (text) => new Blob([text]).size;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  const data = new FormData(form);
  const texts = [...data.values()].filter((value) => typeof value === "string");
  const whole = form.enctype === "multipart/form-data"
    ? texts.reduce((sum, text) => sum + bytes(text.replace(/\n/g, "\r\n")), 0)
    : new URLSearchParams(data).toString().length;
  if (whole < most * 0.98) return;
  event.preventDefault();
  const fields = [...form.querySelectorAll("textarea, input:not([type=file], [type=hidden])")];
  const longest = fields.reduce((one, other) => (other.value.length > one.value.length ? other : one));
  longest.setCustomValidity(words);
  longest.reportValidity();
  longest.addEventListener("input", () => longest.setCustomValidity(""), { once: true });
});
