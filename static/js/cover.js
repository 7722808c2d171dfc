// Half an hour without a key or a click: a cover over the page, which stays as it is underneath. The server locks the
// session by itself; the cover holds the server's own form, so what unlocks is decided there.
const { idle, unlock, seen, who, webauthn } = document.body.dataset;
const LAST = "indgang.last";
const TELL_EVERY = 5 * 60_000;
const LOOK_EVERY = 5000;
const limit = Number(idle) * 1000;
const title = document.title;
let told = Date.now();
let cover = null;
let address = unlock;

const last = () => Number(localStorage.getItem(LAST)) || 0;
const isIdle = () => Date.now() - last() >= limit;
const touch = () => localStorage.setItem(LAST, String(Date.now()));

// Somebody is here. Woken from sleep the first key may come before the clock has looked.
function note() {
  if (cover) return;
  if (isIdle()) {
    lock();
    return;
  }
  if (Date.now() - last() > 1000) touch();
  if (Date.now() - told < TELL_EVERY) return;
  told = Date.now();
  fetch(seen).catch(() => {});
}

function lock() {
  if (cover) return;
  cover = document.createElement("dialog");
  cover.className = "cover";
  cover.setAttribute("aria-label", "Siden er låst");
  cover.addEventListener("cancel", (event) => event.preventDefault());
  document.body.append(cover);
  document.documentElement.classList.add("covered");
  document.title = "Låst – Indgang";
  cover.showModal();
  load(unlock);
}

function open() {
  touch();
  told = Date.now();
  document.documentElement.classList.remove("covered");
  document.title = title;
  cover.remove();
  cover = null;
}

async function load(url, options = {}) {
  try {
    const answer = await fetch(url, options);
    // 204: unlocked. By somebody else in another tab: then this page is not for their eyes.
    if (answer.status === 204) {
      if (answer.headers.get("X-Who") === who) open();
      else location.reload();
      return;
    }
    address = answer.url;
    show(answer.ok ? await answer.text() : "");
  } catch {
    say("Ingen forbindelse lige nu.");
  }
}

// Only the form that unlocks. Anything else (too many attempts, a log-in that has ended) is said in words.
function show(html) {
  const box = new DOMParser().parseFromString(html, "text/html").querySelector("#box[data-unlock]");
  if (!box) {
    say("Siden kan ikke låses op lige nu. Vent lidt, eller log ind igen.");
    return;
  }
  cover.replaceChildren(document.importNode(box, true));
  cover.querySelector("h1").textContent = "Siden er låst";
  if (cover.querySelector("[data-passkey]") && !window.webauthnJSON) {
    const script = document.createElement("script");
    script.src = webauthn;
    document.head.append(script);
  }
  cover.querySelector("input:not([type=hidden]), button")?.focus();
}

function say(text) {
  const line = document.createElement("p");
  line.setAttribute("role", "alert");
  line.textContent = text;
  const again = document.createElement("button");
  again.type = "button";
  again.className = "btn btn-quiet";
  again.textContent = "Prøv igen";
  again.addEventListener("click", () => load(unlock));
  const elsewhere = document.createElement("a");
  elsewhere.className = "btn btn-text";
  elsewhere.href = unlock;
  elsewhere.target = "_blank";
  elsewhere.textContent = "Lås op i et nyt vindue";
  const box = document.createElement("section");
  box.className = "panel login";
  box.append(line, again, elsewhere);
  cover.replaceChildren(box);
  again.focus();
}

if (limit) {
  touch();
  for (const kind of ["keydown", "pointerdown", "input", "wheel"]) {
    addEventListener(kind, note, { passive: true, capture: true });
  }
  setInterval(() => {
    if (!cover && isIdle()) lock();
    else if (cover && !isIdle()) load(seen);
  }, LOOK_EVERY);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && isIdle()) lock();
  });
  // A fragment was refused: the server has locked the session.
  document.addEventListener("locked", lock);

  document.addEventListener("click", (event) => {
    const other = event.target.closest(".cover [data-unlock-by]");
    if (!other) return;
    event.preventDefault();
    load(other.href);
  });

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!cover?.contains(form) || form.hasAttribute("data-leave")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      load(address, { method: "POST", body: new FormData(form) });
    },
    true,
  );
}
