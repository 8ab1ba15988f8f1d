/* One case: what is done, what comes next with its prompt, what was found. */
import { throughout } from "./capture.js";
import { h, notice, show, t } from "./dom.js";
import * as model from "./model.js";
import * as net from "./net.js";
import * as party from "./party.js";
import { speak } from "./speech.js";

const LEVELS = { red: "红色", orange: "橙色", yellow: "黄色", blue: "蓝色" };

export async function screen(local) {
  let found = await model.caseOf(local);
  if (!found) { window.location.hash = "#/"; return; }
  if (found.row.id) {
    try { await model.take(found.row.id, found.row); } catch (failed) { if (!(failed instanceof net.Refused) && !(failed instanceof net.LoggedOut)) { throw failed; } }
    found = await refreshed(local, found);
  }
  const state = found.row.state, next = model.next(found), guide = found.procedure.guide;
  const others = model.others(found), optional = guide.filter((one) => one.optional).map((one) => one.step);
  others.sort((one, other) => optional.includes(other.id) - optional.includes(one.id));
  show(
    h("a.back", { href: "#/" }, `‹ ${t("我的案件")}`),
    h("h1", {}, state ? state.title : found.row.title), h("p.soft", {}, [state && state.number, found.procedure.title, state && state.stage].filter(Boolean).join(" · ")),
    progress(found, guide),
    next ? h("section.prompt", {}, h("div.soft", {}, t("下一步")), h("div.big", {}, found.procedure.events[next.step].title), h("p", { id: "prompt" }, next.prompt),
      h("div.row-buttons", {}, h("a.btn.btn-primary", { id: "next-step", href: `#/step/${local}/${next.step}` }, t("办理这一步")),
        h("button.btn.btn-quiet", { type: "button", onclick: () => speak(next.prompt, true) || notice(t("浏览器不能朗读，请看文字提示。")) }, t("朗读")))) : h("section.prompt", {}, h("div.big", {}, model.ended(found) ? t("本案已经办结。") : t("引导的步骤都已办理。"))),
    h("div.row-buttons", {}, model.ended(found) ? null : throughout(found, local, (step) => model.times(found, step)), h("button.btn.btn-quiet", { type: "button", onclick: party.badge }, t("出示证件")),
      h("button.btn.btn-quiet", { type: "button", id: "show-documents", onclick: () => party.documents(found) }, t("出示文书"))),
    state && state.findings.length ? h("section.findings", { id: "findings" }, h("h2", {}, t("平台提示的疑似问题")), h("ul", {}, ...state.findings.map((one) =>
      h("li", {}, h(`span.tag.tag-${one.level}`, {}, t(LEVELS[one.level] || one.level)), " ", one.title)))) : null,
    h("h2", {}, t("已经办理")),
    h("ol.timeline", { id: "steps" }, ...found.steps.map((one) => h("li", {}, h("span.fw-semibold", {}, one.title), h("span.soft", {}, `${one.at} · ${one.by}`),
      one.materials.length ? h("span.soft", {}, t("材料 {count} 份", { count: one.materials.length })) : null)),
    ...found.queue.map((one) => h("li.waiting", { "data-state": one.state }, h("span.fw-semibold", {}, found.procedure.events[one.step].title), h("a.soft", { href: "#/outbox" }, one.state === "waiting" ? t("在手机上，等待上传") : t("需要处理"))))),
    others.length ? h("details", { id: "others", open: !next }, h("summary", {}, t("其他步骤")), h("ul.lines", {}, ...others.map((one) => h("li", {}, h("a.card-line.go", { href: `#/step/${local}/${one.id}` }, one.title))))) : null);
}

/** A case begun here keeps its own key; its state comes under the platform's. */
async function refreshed(local, found) {
  if (local === found.row.id) { return model.caseOf(local); }
  const { get, put, remove } = await import("./store.js");
  const taken = await get("cases", found.row.id);
  if (taken) {
    await put("cases", { ...found.row, state: taken.state || found.row.state });
    await remove("cases", taken.local);
  }
  return model.caseOf(local);
}

function progress(found, guide) {
  const steps = guide.filter((one) => !one.optional), done = steps.filter((one) => model.times(found, one.step)).length;
  return h("div.progress-words", {}, h("progress", { max: String(steps.length), value: String(done), "aria-label": t("进度") }), h("span.soft", {}, t("{done}/{all} 步", { done, all: steps.length })));
}
