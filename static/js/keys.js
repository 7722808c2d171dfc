// Keys: "/" searches, N writes, R registers, G O and G F go, "?" lists them all.
// Single keys rest while someone types and can be switched off (WCAG 2.1.4).
const STORE = "single-keys";
const dialog = document.getElementById("shortcuts");
const setting = document.querySelector("[data-single-keys]");
let pending = "";
let timer = 0;

function enabled() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

function typing(target) {
  return target.isContentEditable || target.matches("input, textarea, select, dialog, dialog *");
}

function shown(selector) {
  return [...document.querySelectorAll(selector)].find((node) => node.getClientRects().length > 0);
}

function press(selector) {
  const node = shown(selector);
  if (!node) return false;
  if (node.matches("input, textarea")) node.focus();
  else node.click();
  return true;
}

// A link that this size of page hides still tells where to go.
function follow(selector) {
  const link = document.querySelector(selector);
  return link ? go(link.href) : false;
}

function go(path) {
  location.assign(path);
  return true;
}

const ACTIONS = {
  "/": () => press("[data-open-palette]") || go("/soeg/"),
  n: () => press("[data-composer] textarea") || press('[data-shortcut="n"]'),
  r: () => press('[data-shortcut="r"]') || follow('a[data-shortcut="r"], a[href$="/familier/ny/"]'),
  "g o": () => go("/"),
  "g f": () => go("/familier/"),
  "?": () => {
    dialog?.showModal();
    return Boolean(dialog);
  },
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("[data-composer]");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !enabled()) return;
  const key = event.key.toLowerCase();
  const action = ACTIONS[pending ? `${pending} ${key}` : key];
  clearTimeout(timer);
  pending = !action && !pending && key === "g" ? "g" : "";
  if (pending) timer = setTimeout(() => (pending = ""), 1200);
  if (action?.()) event.preventDefault();
});

if (setting) {
  setting.checked = enabled();
  setting.addEventListener("change", () => {
    try {
      localStorage.setItem(STORE, setting.checked ? "on" : "off");
    } catch {
      setting.checked = true;
    }
  });
}
