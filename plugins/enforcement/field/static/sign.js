/* A hand signature: strokes on a canvas, stored as a picture and labelled as one. */
import { h, t } from "./dom.js";

/** Lets a person sign; gives a PNG, or null where it was left. */
export function signature(title) {
  return new Promise((resolve) => {
    const canvas = h("canvas.pad", { "aria-label": t("手写签名区"), tabindex: "0" });
    const pen = canvas.getContext("2d");
    let strokes = 0, last = null;
    const box = h("div.field-full", { role: "dialog", "aria-modal": "true", "aria-label": title });
    const done = (answer) => { box.remove(); resolve(answer); };
    const clear = () => { pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height); strokes = 0; keep.disabled = true; };
    const keep = h("button.btn.btn-primary", { type: "button", disabled: true, onclick: () => canvas.toBlob(done, "image/png") }, t("完成签名"));
    box.append(h("h2", {}, title), h("p.soft", {}, t("请用手指在白色区域内书写。签名保存为手写签名的图像，不是电子签名。")), canvas,
      h("div.row-buttons", {}, keep, h("button.btn.btn-quiet", { type: "button", onclick: clear }, t("重写")),
        h("button.btn.btn-quiet", { type: "button", onclick: () => done(null) }, t("返回"))));
    document.body.append(box);
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = canvas.clientWidth * ratio;
    canvas.height = canvas.clientHeight * ratio;
    clear();
    const at = (event) => { const place = canvas.getBoundingClientRect(); return [(event.clientX - place.left) * ratio, (event.clientY - place.top) * ratio]; };
    canvas.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      last = at(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!last) { return; }
      const next = at(event);
      Object.assign(pen, { strokeStyle: "#111", lineWidth: 3.2 * ratio, lineCap: "round", lineJoin: "round" });
      pen.beginPath(); pen.moveTo(...last); pen.lineTo(...next); pen.stroke();
      last = next;
      if (++strokes > 5) { keep.disabled = false; }
    });
    for (const name of ["pointerup", "pointercancel"]) { canvas.addEventListener(name, () => { last = null; }); }
    canvas.focus();
  });
}
