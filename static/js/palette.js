// "Søg eller gå til": Ctrl K opens it, the arrows move between what was found, Enter opens the first.
const box = document.getElementById("palette");
const input = document.getElementById("palette-q");

function rows() {
  return [...box.querySelectorAll("[data-found]")];
}

function open() {
  if (!box.open) box.showModal();
  input.select();
  input.dispatchEvent(new Event("palette-open"));
}

function move(step) {
  const all = rows();
  const at = all.indexOf(document.activeElement);
  const next = at + step;
  if (next < 0) input.focus();
  else all[Math.min(next, all.length - 1)]?.focus();
}

if (box) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-open-palette]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target === input) {
      event.preventDefault();
      rows()[0]?.click();
    }
  });
}
