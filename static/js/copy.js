// A button that copies the text of the element it names. Without a clipboard it stays hidden, and the text can be marked.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const word = button.querySelector("[data-word]");
    const before = word.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const said = document.getElementById("copied");
      try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
        word.textContent = button.dataset.done;
        said.textContent = button.dataset.done;
      } catch {
        said.textContent = button.dataset.failed;
        word.textContent = button.dataset.failed;
      }
      setTimeout(() => { word.textContent = before; said.textContent = ""; }, 2500);
    });
  }
}
