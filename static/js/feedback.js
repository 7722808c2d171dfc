// Toasts leave after 8 seconds and are read out; error summaries take the focus; menus close.
const LIFETIME = 8000;
const area = document.getElementById("toasts");

function tend(toast) {
  if (toast.dataset.tended) return;
  toast.dataset.tended = "yes";
  let timer = 0;
  const wait = () => {
    timer = setTimeout(() => toast.remove(), LIFETIME);
  };
  const hold = () => clearTimeout(timer);
  const close = toast.querySelector("[data-toast-close]");
  close.hidden = false;
  close.addEventListener("click", () => toast.remove());
  // Nobody loses a text that they are reading.
  for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, hold);
  for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, wait);
  wait();
}

if (area) {
  // A live region speaks only of what is added to it, so first toasts are added once more.
  const first = [...area.children];
  setTimeout(() => area.replaceChildren(...first), 150);
  first.forEach(tend);
  new MutationObserver(() => area.querySelectorAll("[data-toast]").forEach(tend)).observe(area, {
    childList: true,
  });
}

function focusSummary(root) {
  root.querySelector("[data-focus]")?.focus();
}

focusSummary(document);
document.addEventListener("htmx:afterSettle", (event) => focusSummary(event.target));

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
