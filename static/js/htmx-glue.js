// htmx: the target is busy while it waits, the focus stays where it was, a failure is said.
let focused = "";

document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.target?.setAttribute("aria-busy", "true");
  focused = document.activeElement?.id ?? "";
});

document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.target?.removeAttribute("aria-busy");
});

document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement !== document.body || !focused) return;
  document.getElementById(focused)?.focus({ preventScroll: true });
});

function fail(event) {
  if (event.detail.elt?.closest("[data-quiet]")) return;
  const area = document.getElementById("toasts");
  const old = area.querySelector("[data-failure]");
  if (old) old.remove();
  const toast = document.createElement("div");
  toast.className = "toast-box";
  toast.dataset.failure = "yes";
  const text = document.createElement("span");
  text.textContent = "Kunne ikke hente siden. Er du på nettet? ";
  const again = document.createElement("button");
  again.type = "button";
  again.className = "btn btn-quiet btn-sm";
  again.textContent = "Prøv igen";
  again.addEventListener("click", () => location.reload());
  toast.append(text, again);
  area.append(toast);
}

document.addEventListener("htmx:sendError", fail);
document.addEventListener("htmx:timeout", fail);
document.addEventListener("htmx:responseError", (event) => {
  // Not logged in any more, or no longer allowed: the whole page says it better.
  if ([401, 403, 404].includes(event.detail.xhr.status)) location.reload();
  else fail(event);
});
