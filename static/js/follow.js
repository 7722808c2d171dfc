// A field that is pre-filled from another one follows it until somebody has typed in it.
for (const field of document.querySelectorAll("[data-follows]")) {
  const leader = document.getElementById(field.dataset.follows);
  let own = field.value !== leader.value;
  field.addEventListener("input", () => { own = true; });
  leader.addEventListener("input", () => { if (!own) field.value = leader.value; });
  leader.addEventListener("blur", () => { if (!own) field.value = leader.value; });
}
