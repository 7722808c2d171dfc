// The page for the citizen's eyes: Esc does what the link at the bottom does.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  document.querySelector("[data-back]").click();
});
