/* What has not arrived yet; what the platform refused, and what somebody else recorded meanwhile: the officer decides. */
import { ask, clock, h, notice, show, size, t } from "./dom.js";
import * as evidence from "./evidence.js";
import * as model from "./model.js";
import * as store from "./store.js";
import { sync } from "./sync.js";

const STATES = { waiting: "等待发送", conflict: "他人已有新的记录，请核对", refused: "平台没有收下，请修改" };

async function again(item, changes) { await store.put("queue", { ...item, state: "waiting", problems: [], ...changes }); await sync(); await screen(); }

/** Back to a draft: what was typed and recorded on the phone stays. */
async function revise(item) {
  await store.together(["queue", "drafts"], (at) => {
    at("queue").delete(item.n);
    at("drafts").put({ key: `${item.local}/${item.step}`, local: item.local, step: item.step, values: item.values, documents: item.documents, title: item.title || "" });
  });
  window.location.hash = `#/step/${item.local}/${item.step}`;
}

async function discard(item) {
  if (!(await ask(t("删除后，这一步填写的内容和拍摄的材料不再保留。确定删除吗？"), t("确定删除"), "danger"))) { return; }
  for (const id of Object.values(item.materials).flat()) { await evidence.drop(id); }
  await store.remove("queue", item.n);
  await store.noteUnsent();
  await screen();
}

function conflict(item, found) {
  const news = found.steps.filter((one) => one.seq > (item.before || 0));
  return h("div", {}, h("p", {}, t("在您离线期间，该案件有了新的记录：")),
    h("ul", {}, ...news.map((one) => h("li", {}, `${one.at} ${one.title}（${one.by}）`))),
    h("div.row-buttons", {}, h("button.btn.btn-primary", { type: "button", onclick: () => again(item, { seen: found.row.state.seq }) }, t("已核对，继续记录这一步")),
      h("button.btn.btn-quiet", { type: "button", onclick: () => revise(item) }, t("修改")),
      h("button.btn.btn-quiet", { type: "button", onclick: () => discard(item) }, t("不再记录"))));
}

function refused(item) {
  return h("div", {}, h("ul.text-overdue", {}, ...item.problems.map((one) => h("li", {}, [one.message, one.fix].filter(Boolean).join(" ")))),
    h("div.row-buttons", {}, h("button.btn.btn-primary", { type: "button", onclick: () => revise(item) }, t("修改后重发")),
      h("button.btn.btn-quiet", { type: "button", onclick: () => again(item, {}) }, t("重新发送")),
      h("button.btn.btn-quiet", { type: "button", onclick: () => discard(item) }, t("不再记录"))));
}

/** Words for how far a file has come. */
export function mediaState(media) {
  if (media.problem) { return media.problem.code === "damaged-here" ? t("第 {number} 段在手机上损坏，不能发送", { number: media.problem.number }) : media.problem.message; }
  if (media.done) { return t("已上传，指纹 {hash}", { hash: media.done.slice(0, 8) }); }
  if (!media.ended) { return t("正在录制，已保存 {count} 段", { count: media.count }); }
  return t("待上传 {sent}/{count} 段", { sent: media.sent, count: media.count });
}

async function retry(media) { await evidence.change(media.id, { problem: null }); await sync(); await screen(); }

export async function screen() {
  const [queue, media] = [await store.all("queue"), await store.all("media")];
  const items = await Promise.all(queue.map(async (item) => {
    const found = await model.caseOf(item.local), event = found.procedure.events[item.step];
    return h("li.card-line", { "data-state": item.state }, h("div.fw-semibold", {}, event.title), h("div.soft", {}, `${found.row.title} · ${clock(item.occurredAt)}`),
      h("div", {}, t(STATES[item.state])), item.state === "conflict" ? conflict(item, found) : item.state === "refused" ? refused(item) : null);
  }));
  const files = media.map((one) => h("li.card-line", {}, h("div", {}, one.name), h("div.soft", {}, `${size(one.bytes)} · ${mediaState(one)}`),
    one.problem ? h("button.btn.btn-quiet", { type: "button", onclick: () => retry(one) }, t("重新发送")) : null));
  show(h("a.back", { href: "#/" }, `‹ ${t("我的案件")}`), h("h1", {}, t("待上传")),
    items.length || files.length ? null : h("p.empty", {}, t("全部已经上传，手机上没有留存。")),
    items.length ? h("h2", {}, t("步骤")) : null, h("ul.lines", { id: "outbox-steps" }, ...items),
    files.length ? h("h2", {}, t("材料")) : null, h("ul.lines", { id: "outbox-files" }, ...files),
    h("button.btn.btn-primary.wide", { type: "button", onclick: async () => { await sync(); await screen(); notice(t("已尝试发送。")); } }, t("立即发送")));
}
