/* A panel of the office form (the discretion benchmark) inside the step, where there is network. */
import { t } from "./dom.js";
import { token } from "./net.js";

export function panel(url, place, sheet) {
  let waiting = 0, asked = 0;
  async function ask(part) {
    const turn = ++asked;
    const data = new FormData(sheet);
    try {
      const answer = await fetch(part ? `${url}?part=answer` : url, { method: "POST", body: data, credentials: "same-origin", headers: { "HX-Request": "true", "X-CSRFToken": token() } });
      if (!answer.ok || turn !== asked) { return; }
      const html = await answer.text();
      if (part) { const shown = place.querySelector("#discretion-answer"); if (shown) { shown.innerHTML = html; } } else { place.innerHTML = html; }
    } catch (offline) {
      if (!part) { place.textContent = t("裁量测算需要联网。离线记录后，联网时由平台测算。"); place.className = "soft"; }
    }
  }
  const later = (event) => {
    clearTimeout(waiting);
    if (event.target.matches("[data-document]")) { return; }
    if (event.type === "change" && event.target.matches("#panel select[hx-post]")) { ask(false); } else { waiting = setTimeout(() => ask(true), 400); }
  };
  sheet.addEventListener("input", later);
  sheet.addEventListener("change", later);
  ask(false);
}
