/* The first screen: cases on site, and what can be begun. */
import { drawId, h, notice, show, t } from "./dom.js";
import * as model from "./model.js";
import * as net from "./net.js";
import * as store from "./store.js";

async function begin(procedure) {
  const local = `new-${drawId()}`;
  await store.put("cases", { local, id: null, procedure: procedure.id, title: t("新案件（{kind}）", { kind: procedure.title }), state: null });
  window.location.hash = `#/step/${local}/${procedure.guide.length ? model.next(await model.caseOf(local)).step : procedure.opens[0]}`;
}

async function openCase(line) {
  try { await model.take(line.id, line); } catch (failed) {
    notice(failed instanceof net.LoggedOut ? t("登录已过期，请重新登录。") : t("该案件不存在，或者不在您的办理范围内。"), "warning");
    return;
  }
  window.location.hash = `#/case/${line.id}`;
}

export async function screen() {
  const rows = await store.all("cases"), [queue, drafts] = [await store.all("queue"), await store.all("drafts")];
  const busy = new Set([...queue, ...drafts].map((one) => one.local));
  const here = rows.filter((row) => busy.has(row.local) || (row.local !== row.id && row.id));
  const known = new Set(here.map((row) => row.id));
  const openable = model.start.procedures.filter((one) => one.opens.length);
  const mine = model.start.cases.filter((one) => one.mine && !known.has(one.id)), rest = model.start.cases.filter((one) => !one.mine && !known.has(one.id));
  const line = (one) => h("li", {}, h("button.card-line.go", { type: "button", onclick: () => openCase(one) }, h("span.fw-semibold", {}, one.title),
    h("span.soft", {}, [one.number, one.kind, one.stage].filter(Boolean).join(" · "))));
  show(
    h("h1", {}, t("现场执法")),
    h("h2", {}, t("开始办理")),
    h("div.starts", {}, ...openable.slice(0, openable.filter((one) => one.guided).length || 2).map((one) => h("button.start", { type: "button", onclick: () => begin(one) }, one.title))),
    openable.some((one) => !one.guided) ? h("details", {}, h("summary", {}, t("其他程序")), h("div.starts", {}, ...openable.filter((one) => !one.guided)
      .map((one) => h("button.start.quiet", { type: "button", onclick: () => begin(one) }, one.title)))) : null,
    openable.length ? null : h("p.empty", {}, t("您的岗位没有可以在现场启动的程序。")),
    here.length ? h("h2", {}, t("这台手机上正在办理")) : null,
    here.length ? h("ul.lines", {}, ...here.map((row) => h("li", {}, h("a.card-line.go", { href: `#/case/${row.local}` }, h("span.fw-semibold", {}, row.state ? row.state.title : row.title),
      h("span.soft", {}, row.state ? [row.state.number, row.state.kind, row.state.stage].filter(Boolean).join(" · ") : t("尚未上传")))))) : null,
    h("h2", {}, t("我的案件")),
    mine.length ? h("ul.lines", {}, ...mine.map(line)) : h("p.empty", {}, t("没有正在办理的案件。")),
    rest.length ? h("details", {}, h("summary", {}, t("本机关其他在办案件（{count}）", { count: rest.length })), h("ul.lines", {}, ...rest.map(line))) : null);
}
