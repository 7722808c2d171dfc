// The rows of a family: a new one appears by itself, the surname repeats, rows can be taken away
// and pasted from a spreadsheet. Without scripts the form shows its blank rows as they are.

function setUp(grid) {
  const prefix = grid.dataset.people;
  const list = grid.querySelector(".people");
  const blank = grid.querySelector("template[data-blank]");
  const total = grid.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  const pattern = new RegExp(`${prefix}-(\\d+|__prefix__)-`, "g");
  const rows = () => [...list.children];
  const fields = (row) => [...row.querySelectorAll(".person-row input:not([type=hidden]), .person-row select")];
  const kept = (row) => row.querySelector('input[type="hidden"][name$="-id"]')?.value;
  const empty = (row) =>
    !kept(row) && [...row.querySelectorAll("input:not([type=hidden], [type=checkbox]), select, textarea")].every(
      (field) => field.value === "" || field.value === (field.dataset.start ?? ""),
    );

  function renumber() {
    rows().forEach((row, index) => {
      for (const node of row.querySelectorAll("*")) {
        for (const name of ["id", "name", "for", "aria-describedby"]) {
          const value = node.getAttribute(name);
          if (value) node.setAttribute(name, value.replace(pattern, `${prefix}-${index}-`));
        }
      }
      for (const number of row.querySelectorAll("[data-number]")) number.textContent = index + 1;
    });
    total.value = rows().length;
  }

  function mark() {
    const all = rows();
    all.forEach((row, index) => {
      const isEmpty = empty(row);
      row.classList.toggle("blank", isEmpty);
      row.querySelector("[data-remove]").hidden = isEmpty && index === all.length - 1;
    });
  }

  function add() {
    list.append(blank.content.cloneNode(true));
    const row = list.lastElementChild;
    remember(row);
    renumber();
    return row;
  }

  function remember(row) {
    for (const field of fields(row)) {
      if (field.tagName === "SELECT") field.dataset.start = field.value;
    }
  }

  function ensureBlank() {
    const all = rows();
    if (!all.length || !empty(all[all.length - 1])) add();
    mark();
  }

  function repeatSurname(row) {
    const surname = row.querySelector("[data-repeat]");
    const before = row.previousElementSibling?.querySelector("[data-repeat]");
    if (surname && before && !surname.value && before.value && !empty(row)) surname.value = before.value;
  }

  function changed() {
    grid.dispatchEvent(new Event("rowschanged", { bubbles: true }));
  }

  function remove(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    renumber();
    ensureBlank();
    fields(next ?? list.lastElementChild)[0].focus();
    changed();
  }

  function fill(row, cells) {
    const targets = fields(row);
    cells.slice(0, targets.length).forEach((cell, index) => {
      const field = targets[index];
      if (field.tagName !== "SELECT") {
        field.value = cell.trim();
        return;
      }
      const wanted = cell.trim().toLowerCase();
      const option = [...field.options].find((choice) => choice.text.trim().toLowerCase() === wanted);
      if (option) field.value = option.value;
    });
    repeatSurname(row);
    for (const field of targets) field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  grid.addEventListener("input", (event) => {
    const row = event.target.closest("[data-person]");
    if (!row) return;
    ensureBlank();
  });
  grid.addEventListener("change", ensureBlank);

  grid.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-person]");
    if (row && event.target.matches("[data-repeat]")) {
      repeatSurname(row);
      event.target.select?.();
    }
  });
  grid.addEventListener("focusout", (event) => {
    const row = event.target.closest("[data-person]");
    if (row && !row.contains(event.relatedTarget)) repeatSurname(row);
  });

  // Enter leads to the next person; on a row that nobody has begun it sends the form.
  grid.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-person]");
    if (event.key !== "Enter" || !row || empty(row) || !event.target.matches("input, select")) return;
    event.preventDefault();
    repeatSurname(row);
    ensureBlank();
    fields(row.nextElementSibling)[0].focus();
  });

  grid.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove]");
    if (button) remove(button.closest("[data-person]"));
  });

  grid.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!text.includes("\t")) return;
    event.preventDefault();
    let row = event.target.closest("[data-person]");
    for (const line of text.split(/\r?\n/).filter((candidate) => candidate.trim())) {
      row ??= add();
      fill(row, line.split("\t"));
      row = row.nextElementSibling;
    }
    ensureBlank();
    changed();
  });

  rows().forEach(remember);
  while (rows().length > 1 && empty(rows().at(-1)) && empty(rows().at(-2))) rows().at(-1).remove();
  renumber();
  ensureBlank();
}

document.querySelectorAll("[data-people]").forEach(setUp);
