/* What is held out to the party: the badge, the articles, the document. Full screen, large, printable. */
import { h, t } from "./dom.js";
import * as model from "./model.js";

function sheet(title, ...content) {
  const box = h("div.field-full.sheet", { role: "dialog", "aria-modal": "true", "aria-label": title });
  const close = h("button.btn.btn-primary", { type: "button", onclick: () => box.remove() }, t("收起"));
  box.append(h("h2", {}, title), ...content.flat().filter(Boolean), h("div.row-buttons.no-print", {}, close,
    h("button.btn.btn-quiet", { type: "button", onclick: () => window.print() }, t("打印"))));
  document.body.append(box);
  close.focus();
}

export function badge() {
  const badges = model.start.badges;
  sheet(t("行政执法证"), ...(badges.length ? badges.map((one) => h("section.badge-card", {},
    h("img.qr", { src: one.qr, alt: t("扫码核验真伪") }), h("div.big", {}, one.name), h("div", {}, one.organ),
    h("div.mono", {}, one.number), h("div.soft", {}, t("有效期至 {day}", { day: one.until })),
    h("p.soft", {}, t("请用手机扫描二维码，核对照片、单位和有效期。")))) : [h("p", {}, t("您的账号没有关联有效的执法证件。没有有效证件的，不得执法。"))]));
}

/** The articles behind a step, and what the benchmark says where it was worked out. */
export function basis(event, told = null) {
  sheet(t("依据：{title}", { title: event.title }), event.basis.length ? h("ol.laws", {}, ...event.basis.map((rule) => h("li", {},
    h("div.fw-semibold", {}, rule.title), ...rule.laws.map((law) => h("div.law", {}, law)), ...rule.quotes.map((quote) => h("blockquote", {}, quote)))))
    : h("p", {}, t("这一步没有列明依据。")), told && told.textContent.trim() ? [h("h2", {}, t("裁量基准")), told.cloneNode(true)] : null);
}

/** The documents of a case that the platform has written and recorded. */
export function documents(found) {
  const issued = found.row.state ? found.row.state.documents : [];
  const waiting = found.queue.some((one) => one.documents.length);
  sheet(t("本案文书"), ...issued.map((one) => h("section.document-card", {}, h("div.big", {}, one.title), h("div.mono", {}, one.number),
    h("div.soft", {}, found.row.state.title),
    one.qr ? h("img.qr", { src: one.qr, alt: t("一案一码") }) : null,
    one.qr ? h("p", {}, t("当事人扫描二维码，输入查询码 {code}，可以查看、下载本文书，评价执法人员。", { code: one.secret })) : null,
    h("a.btn.btn-primary.no-print", { href: one.url, target: "_blank", rel: "noopener" }, t("打开文书（PDF），可以打印"))))
  , waiting ? h("p.notice.info", {}, t("有文书等待上传后由平台制作，联网后在这里显示。")) : null
  , !issued.length && !waiting ? h("p", {}, t("本案还没有由平台制作的文书。")) : null);
}
