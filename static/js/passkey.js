// Passkeys: a form asks the browser for one before it is sent. The encoding is the library's (window.webauthnJSON).
async function ask(form) {
  const options = JSON.parse(form.querySelector('script[type="application/json"]').textContent);
  const error = form.querySelector("[data-passkey-error]");
  error.hidden = true;
  try {
    const found =
      form.dataset.passkey === "create"
        ? await window.webauthnJSON.create(options.creation_options)
        : await window.webauthnJSON.get(options.request_options);
    form.querySelector('[name="credential"]').value = JSON.stringify(found);
    form.dataset.asked = "yes";
    form.requestSubmit();
  } catch {
    error.hidden = false;
  }
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.dataset.passkey || form.dataset.asked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form);
  },
  true,
);
