// Passkeys: the form asks the browser for one before it is sent. The encoding is the library's (window.webauthnJSON).
export async function ask(form) {
  const options = JSON.parse(form.querySelector('script[type="application/json"]').textContent);
  const error = form.querySelector("[data-passkey-error]");
  error.hidden = true;
  try {
    const found =
      form.dataset.passkey === "create"
        ? await window.webauthnJSON.create(options.creation_options)
        : await window.webauthnJSON.get(options.request_options);
    form.querySelector('[name="credential"]').value = JSON.stringify(found);
    return true;
  } catch {
    error.hidden = false;
    return false;
  }
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  let sent = false;
  form.addEventListener("submit", async (event) => {
    if (sent) return;
    event.preventDefault();
    sent = await ask(form);
    if (sent) form.submit();
  });
}
