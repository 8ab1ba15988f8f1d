/* One step: the prompt as text and speech, what to show, what to fill in, evidence and signatures, then record. */
import { ask, drawId, fill, h, notice, show, size, t } from "./dom.js";
import * as capture from "./capture.js";
import * as evidence from "./evidence.js";
import * as form from "./form.js";
import * as model from "./model.js";
import { mediaState } from "./outbox.js";
import { panel } from "./panel.js";
import { token } from "./net.js";
import * as party from "./party.js";
import { signature } from "./sign.js";
import { isMuted, setMuted, speak } from "./speech.js";
import * as store from "./store.js";
import { sync } from "./sync.js";

const PATIENCE = 6000;
let open = null;
export const current = () => open;

export async function screen(local, step) {
  const found = await model.caseOf(local), event = found && found.procedure.events[step];
  if (!event) { window.location.hash = "#/"; return; }
  const key = `${local}/${step}`, draft = await store.get("drafts", key) || { key, local, step, values: {}, documents: null, title: "" };
  const guide = found.procedure.guide.find((one) => one.step === step) || { prompt: event.help || event.title, show: [] };
  const opens = !found.steps.length && !found.queue.length;
  open = { found, event, draft, local, step, opens };
  prefill(event, draft);
  const own = event.fields.filter((field) => !field.document), asked = event.fields.filter((field) => field.document);
  const sheet = h("form.step", { id: "step-form", novalidate: true, autocomplete: "off", onsubmit: (submitted) => { submitted.preventDefault(); record(sheet); } },
    opens ? h("fieldset", { "data-field": "title" }, h("label.form-label", { for: "case-title" }, t("案件名称")), h("input.form-control", { id: "case-title", maxlength: "200", value: draft.title, placeholder: found.procedure.title })) : null,
    ...form.inputs(own, draft.values, model.start.colleagues),
    event.panel ? h("div", { id: "panel" }) : null,
    event.materials.length ? h("h2", {}, t("材料")) : null,
    ...event.materials.map((material) => h("fieldset.material", { "data-material": material.id }, h("legend", {}, material.title, material.required ? h("span.need", {}, "*") : null), buttons(material), h("ul.files", { "data-files": material.id }))),
    offer(event, asked, draft),
    h("button.btn.btn-primary.wide", { type: "submit", id: "record" }, t("记录这一步")));
  sheet.addEventListener("input", () => save(sheet));
  sheet.addEventListener("change", () => save(sheet));
  show(h("a.back", { href: opens ? "#/" : `#/case/${local}` }, `‹ ${opens ? t("我的案件") : found.row.state ? found.row.state.title : found.row.title}`), h("h1", {}, event.title), prompt(guide), held(guide, event, found), sheet);
  await files();
  if (event.panel && found.row.id) { panel(event.panel.replace("CASE", found.row.id), document.getElementById("panel"), sheet); }
  speak(guide.prompt);
}

function prefill(event, draft) {
  const own = model.start.badges[0];
  for (const field of event.fields) {
    if (field.id === "lead_officer" && own && !(field.id in draft.values)) { draft.values[field.id] = own.number; }
  }
}

function prompt(guide) {
  const mute = h("button.btn.btn-quiet", { type: "button", "aria-pressed": String(isMuted()), onclick: async () => {
    await setMuted(!isMuted());
    mute.textContent = isMuted() ? t("打开语音") : t("关闭语音");
    mute.setAttribute("aria-pressed", String(isMuted()));
  } }, isMuted() ? t("打开语音") : t("关闭语音"));
  return h("section.prompt", {}, h("p", { id: "prompt" }, guide.prompt), h("div.row-buttons", {},
    h("button.btn.btn-quiet", { type: "button", id: "speak", onclick: () => speak(guide.prompt, true) || notice(t("浏览器不能朗读，请看文字提示。")) }, t("再念一遍")), mute));
}

function held(guide, event, found) {
  const words = { badge: [t("出示证件二维码"), () => party.badge()], basis: [t("向当事人出示依据"), () => party.basis(event, document.getElementById("discretion-answer"))], document: [t("出示文书"), () => party.documents(found)] };
  const shown = guide.show.length ? guide.show : ["basis"];
  return h("div.row-buttons", {}, capture.throughout(found, open.local, (step) => model.times(found, step)), ...shown.map((one) => h("button.btn.btn-quiet", { type: "button", "data-show": one, onclick: words[one][1] }, words[one][0])));
}

function buttons(material) {
  const add = async (kind, blob, name = "") => { if (blob) { await evidence.addBlob(open.local, open.step, material.id, kind, material.title, blob, name); await files(); sync(); } };
  const input = h("input", { type: "file", hidden: true, multiple: true, "aria-label": t("选择文件：{title}", { title: material.title }), onchange: async () => { for (const file of input.files) { await add("file", file, file.name); } input.value = ""; } });
  const button = (name, words, work) => h("button.btn.btn-quiet", { type: "button", "data-do": name, onclick: work }, words);
  if (material.signature) { return h("div.row-buttons", {}, button("sign", t("手写签名"), async () => add("signature", await signature(material.title)))); }
  const recordAs = (kind) => async () => { await capture.record(kind, open.local, open.step, material.id, material.title); await files(); };
  return h("div.row-buttons", {}, ...(capture.available() ? [button("photo", t("拍照"), async () => add("photo", await capture.photo(material.title))),
    button("video", t("录像"), recordAs("video")), button("audio", t("录音"), recordAs("audio"))] : []), button("file", t("选择文件"), () => input.click()), input);
}

/** The documents that the platform writes with this step, and what they need to know. */
function offer(event, asked, draft) {
  const written = event.materials.filter((material) => material.document);
  if (!written.length) { return null; }
  const on = draft.documents || written.map((one) => one.id);
  return h("section.panel-box", {}, h("h2", {}, t("由平台制作的文书")), ...written.map((one) => h("div.row-buttons", {}, h("label.pick", { for: `document-${one.id}` },
    h("input", { type: "checkbox", id: `document-${one.id}`, "data-document": one.id, checked: on.includes(one.id) }), h("span", {}, one.title)),
  open.found.row.id && navigator.onLine ? h("button.btn.btn-quiet", { type: "button", onclick: () => preview(one.id) }, t("预览")) : null)),
  h("p.soft", {}, t("记录后由平台编号、制作，签名图像一并放入；离线时联网后制作。")), ...form.inputs(asked, draft.values, []));
}

/** The document as it would be written now, in a tab of its own; nothing is recorded. */
function preview(material) {
  const sheet = document.getElementById("step-form"), now = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString();
  const sent = [["csrf_token", token()], ["occurred", now.slice(0, 10)], ...new FormData(sheet)].filter(([, value]) => typeof value === "string");
  const asked = h("form", { method: "post", target: "_blank", hidden: true, action: `/cases/${open.found.row.id}/steps/${open.step}/documents/${material}/preview` },
    ...sent.map(([name, value]) => h("input", { type: "hidden", name, value })));
  document.body.append(asked);
  asked.submit();
  asked.remove();
}

/** What the ticked documents ask for and nobody has filled in; the platform says in the end what is needed. */
function unfilled(sheet, event, values) {
  const on = wanted(sheet);
  return on.length ? event.fields.filter((field) => field.document && !(field.id in values)).map((field) => field.title) : [];
}

const wanted = (sheet) => Array.from(sheet.querySelectorAll("[data-document]")).filter((one) => one.checked).map((one) => one.getAttribute("data-document"));

async function save(sheet) {
  const title = sheet.querySelector("#case-title");
  Object.assign(open.draft, { values: form.read(sheet), documents: wanted(sheet), title: title ? title.value : "" });
  await store.put("drafts", open.draft);
}

/** The files of this step, with how far each has come. */
export async function files() {
  if (!open || !document.getElementById("step-form")) { return; }
  const all = await evidence.mediaOf(open.local, open.step), queued = new Set((await store.all("queue")).flatMap((item) => Object.values(item.materials).flat()));
  for (const list of document.querySelectorAll("[data-files]")) {
    fill(list, ...all.filter((one) => one.requirement === list.getAttribute("data-files") && !queued.has(one.id)).map((one) => h("li", {},
      h("span", {}, one.name, one.kind === "signature" ? h("small", {}, t("（手写签名图像）")) : null), h("span.soft", {}, `${size(one.bytes)} · ${mediaState(one)}`, one.broken ? t(" · 录制曾中断") : ""),
      one.ended ? h("button.btn.btn-quiet.small", { type: "button", onclick: async () => { if (await ask(t("删除这份材料吗？"), t("确定删除"), "danger")) { await evidence.drop(one.id); await files(); } } }, t("删除")) : null)));
  }
}

async function record(sheet) {
  const button = sheet.querySelector("#record"), { event, local, step, opens, found } = open;
  await save(sheet);
  const values = open.draft.values, empty = form.missing(event.fields, values);
  form.mark(sheet, empty);
  if (empty.length) { return; }
  const blank = unfilled(sheet, event, values);
  if (blank.length && !(await ask(t("文书还有没有填写的内容：{list}。缺少必要内容的，平台不能制作文书。仍然记录吗？", { list: blank.join(t("、")) }), t("仍然记录")))) { return; }
  const going = capture.recording();
  if (going && going.media.local === local && going.media.step === step) { await capture.stop(); }
  button.disabled = true;
  const queued = new Set((await store.all("queue")).flatMap((item) => Object.values(item.materials).flat())), materials = {};
  for (const one of await evidence.mediaOf(local, step)) { if (!queued.has(one.id)) { (materials[one.requirement] = materials[one.requirement] || []).push(one.id); } }
  const given = event.materials.filter((one) => one.required && !materials[one.id] && !(one.document && open.draft.documents.includes(one.id)));
  form.mark(sheet, given.map((one) => ({ at: `material.${one.id}`, message: t("请提供“{title}”。", { title: one.title }), fix: "" })));
  if (given.length) { button.disabled = false; return; }
  const item = { local, opens, procedure: found.procedure.id, step, title: open.draft.title, occurredAt: new Date().toISOString(), values, materials,
    documents: open.draft.documents.filter((one) => !materials[one]), key: drawId(), state: "waiting", problems: [], seen: found.row.state && !found.queue.length ? found.row.state.seq : null };
  await store.together(["queue", "drafts", "cases"], (at) => {  // the draft becomes a queued step in one stroke: a dead battery neither loses nor doubles it
    at("queue").add(item);
    at("drafts").delete(open.draft.key);
    if (opens) { at("cases").put({ ...found.row, title: item.title || found.row.title }); }
  });
  open = null;
  await Promise.race([sync(), new Promise((resolve) => { setTimeout(resolve, PATIENCE); })]);  // a slow network keeps nobody waiting
  const left = (await store.all("queue")).find((one) => one.key === item.key);
  if (left && left.state === "refused") { await back(left); return; }
  notice(left ? t("已保存在手机上，联网后自动上传。") : t("已记录“{title}”。", { title: event.title }), left ? "warning" : "success");
  window.location.hash = left && left.state === "conflict" ? "#/outbox" : `#/case/${local}`;
}

/** Refused at once: the form again, with what is wrong at each input; nothing is lost. */
async function back(item) {
  await store.together(["queue", "drafts"], (at) => {
    at("queue").delete(item.n);
    at("drafts").put({ key: `${item.local}/${item.step}`, local: item.local, step: item.step, values: item.values, documents: item.documents, title: item.title });
  });
  await screen(item.local, item.step);
  form.mark(document.getElementById("step-form"), item.problems);
}
