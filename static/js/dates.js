// Dates: what is typed without doubt is written out (14031991 becomes 14.03.1991), a birth date
// shows the age. The server's parser is the truth; everything else is left as it was typed.
const FORMS = [
  /^(\d{1,2})\s*[.\-/]\s*(\d{1,2})\s*[.\-/ ]\s*(\d{4})$/,
  /^(\d{2})(\d{2})(\d{4})$/,
];
const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;

function parts(text) {
  const iso = ISO.exec(text);
  if (iso) return [iso[3], iso[2], iso[1]];
  for (const form of FORMS) {
    const found = form.exec(text);
    if (found) return found.slice(1);
  }
  return null;
}

function read(text) {
  const found = parts(text.trim());
  if (!found) return null;
  const [day, month, year] = found.map(Number);
  const date = new Date(year, month - 1, day);
  const real = date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day;
  return real && year >= 1900 ? date : null;
}

function write(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${two(date.getDate())}.${two(date.getMonth() + 1)}.${date.getFullYear()}`;
}

function ageOf(birth, day) {
  const before =
    day.getMonth() < birth.getMonth() || (day.getMonth() === birth.getMonth() && day.getDate() < birth.getDate());
  return day.getFullYear() - birth.getFullYear() - (before ? 1 : 0);
}

function showAge(input) {
  let age = input.parentElement.querySelector(".age");
  if (!age) {
    age = document.createElement("span");
    age.className = "age";
    input.after(age);
  }
  const birth = read(input.value);
  const years = birth ? ageOf(birth, new Date()) : -1;
  age.textContent = years >= 0 && years < 120 ? `${years} år` : "";
}

document.addEventListener("focusout", (event) => {
  const input = event.target;
  if (!input.matches?.("input[data-date]")) return;
  const date = read(input.value);
  if (date && input.value !== write(date)) {
    input.value = write(date);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

document.addEventListener("input", (event) => {
  if (event.target.matches?.('.person input[data-date="birth"]')) showAge(event.target);
});

for (const input of document.querySelectorAll('.person input[data-date="birth"]')) showAge(input);
