/* Elements, words and small helpers. Text goes in as text, never as markup. */
const words = JSON.parse(document.getElementById("words").textContent);

/** The reader's words for a Chinese phrase; {name} places are filled in. */
export function t(phrase, values = {}) {
  return (words[phrase] || phrase).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** An element: h("button.big", {onclick, disabled}, "text", child …); null children are left out. */
export function h(kind, attributes = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const element = document.createElement(tag);
  if (classes.length) { element.className = classes.join(" "); }
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) { element.addEventListener(name.slice(2), value); }
    else if (name in element && typeof value !== "string") { element[name] = value; }
    else if (value !== false && value !== null && value !== undefined) { element.setAttribute(name, value === true ? "" : value); }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Puts children in the place of what an element held. */
export function fill(element, ...children) {
  element.textContent = "";
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
}

export function show(...children) {
  const main = document.getElementById("main");
  fill(main, ...children);
  window.scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

/** 32 hexadecimal digits drawn at random. */
export function drawId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function clock(moment) {
  const date = new Date(moment);
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

export function size(bytes) {
  return bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(bytes / 1024, 0.1).toFixed(1)} KB`;
}

/** Asks in a dialog; true where the officer agrees. */
export function ask(question, agree, tone = "primary") {
  return new Promise((resolve) => {
    const box = h("div.field-dialog", { role: "alertdialog", "aria-modal": "true", "aria-label": question });
    const close = (answer) => { box.remove(); resolve(answer); };
    const no = h("button.btn.btn-quiet", { type: "button", onclick: () => close(false) }, t("返回"));
    box.append(h("div.box", {}, h("p", {}, question), h("div.row-buttons", {},
      h(`button.btn.btn-${tone}`, { type: "button", onclick: () => close(true) }, agree), no)));
    document.body.append(box);
    no.focus();
  });
}

let noticed = 0;
export function notice(message, tone = "info") {
  const place = document.getElementById("notice");
  place.textContent = message;
  place.className = `notice ${tone}`;
  place.hidden = false;
  clearTimeout(noticed);
  noticed = setTimeout(() => { place.hidden = true; }, 4500);
}
