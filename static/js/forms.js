// Forms: no double submit, filters that send themselves, files that one drops.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // The pressed button must still be part of what is sent, so it is marked and not disabled.
  for (const button of form.querySelectorAll('[type="submit"]')) button.setAttribute("aria-disabled", "true");
  form.setAttribute("aria-busy", "true");
});

function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

// Back in the browser's history shows the page as it was sent.
addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach(release));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("[data-sent]");
  if (form) release(form);
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-auto-submit]");
  if (form && !event.target.matches('[type="search"], [type="text"]')) form.requestSubmit();
});

// On a phone the list comes first: filters fold unless something is filtered.
if (matchMedia("(max-width: 47.99rem)").matches) {
  for (const fold of document.querySelectorAll("[data-phone-closed]")) fold.open = fold.dataset.phoneClosed === "no";
}

for (const area of document.querySelectorAll("[data-drop]")) {
  const input = area.querySelector('input[type="file"]');
  for (const name of ["dragenter", "dragover"]) {
    area.addEventListener(name, (event) => {
      event.preventDefault();
      area.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) area.addEventListener(name, () => area.classList.remove("over"));
  area.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
}
