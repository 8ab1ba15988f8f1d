/* The field page: one page, whose screens follow the address; it works without network after its first visit. */
import * as capture from "./capture.js";
import * as caseScreen from "./case.js";
import { ask, fill, h, notice, show, t } from "./dom.js";
import * as evidence from "./evidence.js";
import * as home from "./home.js";
import * as model from "./model.js";
import * as net from "./net.js";
import * as outbox from "./outbox.js";
import * as speech from "./speech.js";
import * as stepScreen from "./step.js";
import * as store from "./store.js";
import { onSync, state, sync } from "./sync.js";

const SKEW = 60;

async function route() {
  const [name, ...parts] = window.location.hash.replace(/^#\//, "").split("/");
  if (name === "case") { await caseScreen.screen(parts[0]); } else if (name === "step") { await stepScreen.screen(...parts); } else if (name === "outbox") { await outbox.screen(); } else if (name === "me") { await me(); } else { await home.screen(); }
  await bar();
}

/** The lines at the top: no network, not logged in, a clock that is wrong, what waits, what is being recorded. */
async function bar() {
  const left = await store.unsent(), lines = [];
  if (state.login) { lines.push(["danger", t("登录已过期，内容保留在手机上。"), h("a", { href: "/login?next=/field/" }, t("重新登录"))]); }
  if (!state.online) { lines.push(["warning", t("没有网络，可以继续办理，内容保存在手机上。")]); }
  if (Math.abs(model.skew) > SKEW) { lines.push(["warning", t("手机时间与平台相差 {seconds} 秒，请设为自动获取时间。", { seconds: Math.abs(model.skew) })]); }
  if (store.leftByOthers()) { lines.push(["warning", t("这台手机上有其他人没有上传的内容，请其本人登录上传。")]); }
  fill(document.getElementById("states"), ...lines.map(([tone, ...words]) => h(`div.state.${tone}`, {}, ...words)));
  const outboxLink = document.getElementById("outbox-link");
  outboxLink.textContent = left.steps + left.files ? t("待上传 {count}", { count: left.steps + left.files }) : t("已全部上传");
  outboxLink.className = left.steps + left.files ? "plain waiting" : "plain";
  const going = capture.recording(), strip = document.getElementById("recording");
  strip.hidden = !going;
  if (going) {
    const seconds = Math.floor((Date.now() - going.began) / 1000);
    strip.querySelector("span").textContent = t("正在{kind} {time}", { kind: going.kind === "video" ? t("录像") : t("录音"), time: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` });
  }
}

async function me() {
  const left = await store.unsent();
  show(h("a.back", { href: "#/" }, `‹ ${t("我的案件")}`), h("h1", {}, model.start.name), h("p.soft", {}, model.start.organ),
    h("div.lines", {}, h("label.pick", { for: "mute" }, h("input", { type: "checkbox", id: "mute", checked: !speech.isMuted(), onchange: (event) => speech.setMuted(!event.target.checked) }), h("span", {}, t("念出提示语")))),
    h("p", {}, left.all ? t("手机上还有 {count} 项没有上传。", { count: left.all }) : t("手机上没有未上传的内容。")),
    h("div.row-buttons", {}, h("a.btn.btn-quiet", { href: "/" }, t("回到办公页面")), h("button.btn.btn-primary", { type: "button", id: "log-out", onclick: logOut }, t("退出登录并清除手机上的内容"))));
}

async function logOut() {
  const left = await store.unsent();
  if (left.all && !(await ask(t("还有 {steps} 个步骤、{media} 份材料、{drafts} 份草稿没有上传，退出后将全部清除，无法恢复。确定退出吗？", left), t("清除并退出"), "danger"))) { return; }
  await capture.stop();
  let within = true;
  try { await model.refresh(); } catch (failed) {
    if (!(failed instanceof net.LoggedOut)) { notice(t("退出登录需要联网。"), "warning"); return; }
    within = false;
  }
  await store.forget();
  if (window.caches) { for (const name of await caches.keys()) { if (name.startsWith("field-")) { await caches.delete(name); } } }
  if (navigator.serviceWorker) { for (const one of await navigator.serviceWorker.getRegistrations()) { if (one.scope.endsWith("/field/")) { await one.unregister(); } } }
  if (!within) { window.location.assign("/login"); return; }
  const leave = h("form", { method: "post", action: "/logout" }, h("input", { type: "hidden", name: "csrf_token", value: net.token() }));
  document.body.append(leave);
  leave.submit();
}

async function begin() {
  if (navigator.serviceWorker) { navigator.serviceWorker.register("/field/worker.js", { scope: "/field/" }).catch(() => null); }
  try {
    if (!(await model.load())) { show(h("p.empty", {}, t("第一次使用请先联网登录。"))); return; }
  } catch (failed) {
    if (!(failed instanceof net.LoggedOut)) { throw failed; }
    show(h("section.prompt", {}, h("p", {}, t("登录已过期，内容保留在手机上。")), h("a.btn.btn-primary", { href: "/login?next=/field/" }, t("重新登录"))));
    return;
  }
  await speech.init(model.start.language);
  document.getElementById("who").textContent = model.start.name;
  if (await evidence.endBroken()) { notice(t("上次的录制因页面关闭而中断，已保存到中断为止；需要继续的，请重新开始录制。"), "warning"); }
  window.addEventListener("hashchange", () => route());
  window.addEventListener("online", () => sync());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { sync(); } });
  window.addEventListener("beforeunload", (event) => { if (capture.recording()) { event.preventDefault(); event.returnValue = ""; } });
  document.getElementById("stop").addEventListener("click", async () => { await capture.stop(); await stepScreen.files(); await sync(); });
  onSync(async () => { await bar(); await stepScreen.files(); });
  capture.onRecording(async (going) => { await bar(); await stepScreen.files(); if (going) { sync(); } });
  setInterval(() => { if (capture.recording()) { bar(); } }, 1000);
  await route();
  await sync();
  if (model.start.cases && !window.location.hash.replace("#/", "")) { await home.screen(); await bar(); }
}

begin();
