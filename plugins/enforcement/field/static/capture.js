/* Camera and microphone: a photo, or a recording in chunks that goes on while the officer works. */
import { h, notice, t } from "./dom.js";
import * as evidence from "./evidence.js";

const KINDS = {
  video: ["video/mp4;codecs=avc1,mp4a.40.2", "video/webm;codecs=vp8,opus", "video/webm"],
  audio: ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/webm"],
};
let running = null, wakeLock = null;
const listeners = [];
export const onRecording = (listener) => listeners.push(listener);
export const recording = () => running;
const tell = () => listeners.forEach((listener) => listener(running));

export const available = () => Boolean(window.isSecureContext && navigator.mediaDevices && window.MediaRecorder);

async function stream(constraints) {
  try { return await navigator.mediaDevices.getUserMedia(constraints); } catch (refused) {
    notice(refused.name === "NotAllowedError" ? t("没有使用摄像头、麦克风的权限，请在浏览器设置中允许，或者选择文件。") : t("没有找到可用的摄像头或者麦克风，请选择文件。"), "warning");
    return null;
  }
}

/** Shows the camera and takes one picture; null where the officer turns back. */
export async function photo(title) {
  const live = running && running.kind === "video" ? running.stream : null;
  const source = live || await stream({ video: { facingMode: "environment", width: { ideal: 1920 } } });
  if (!source) { return null; }
  return new Promise((resolve) => {
    const video = h("video.preview", { autoplay: true, muted: true, playsinline: true });
    video.srcObject = source;
    const box = h("div.field-full.dark", { role: "dialog", "aria-modal": "true", "aria-label": title });
    const done = (answer) => {
      box.remove();
      if (!live) { source.getTracks().forEach((track) => track.stop()); }
      resolve(answer);
    };
    const shoot = () => {
      const canvas = h("canvas");
      canvas.width = video.videoWidth; canvas.height = video.videoHeight;
      canvas.getContext("2d").drawImage(video, 0, 0);
      canvas.toBlob(done, "image/jpeg", 0.9);
    };
    const button = h("button.btn.btn-primary", { type: "button", disabled: true, onclick: shoot }, t("拍照"));
    video.addEventListener("loadeddata", () => { button.disabled = false; });
    box.append(h("h2", {}, title), video, h("div.row-buttons", {}, button, h("button.btn.btn-quiet", { type: "button", onclick: () => done(null) }, t("返回"))));
    document.body.append(box);
  });
}

/** Begins to record; every few seconds a chunk is kept on the phone and uploaded when there is network. */
export async function record(kind, local, step, requirement, title) {
  if (running) { notice(t("正在录制，请先停止。"), "warning"); return false; }
  const source = await stream(kind === "video" ? { video: { facingMode: "environment", width: { ideal: 1280 } }, audio: true } : { audio: true });
  if (!source) { return false; }
  const type = KINDS[kind].find((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(source, { mimeType: type, videoBitsPerSecond: 1000000, audioBitsPerSecond: 64000 });
  const media = await evidence.begin(local, step, requirement, kind, title, type);
  running = { kind, media, recorder, stream: source, began: Date.now(), title };
  const current = running;
  let from = Date.now(), silent = 0, muted = 0, work = Promise.resolve();
  for (const track of source.getTracks()) {  // a phone takes the camera away from a page in the background: a break
    track.addEventListener("mute", () => { muted = muted || Date.now(); });
    track.addEventListener("unmute", () => { if (muted) { silent += Date.now() - muted; muted = 0; } });
    track.addEventListener("ended", () => stop());
  }
  recorder.addEventListener("dataavailable", (event) => {
    const to = Date.now(), begun = Math.min(to, from + silent);
    from = to; silent = 0;
    if (event.data.size) {
      work = work.then(async () => evidence.addChunk(media, await event.data.arrayBuffer(), begun, to)).then(tell)
        .catch((failed) => { notice(t("手机存储空间不足，录制已停止：{reason}", { reason: failed.message || failed.name }), "danger"); stop(); });
    }
  });
  current.ended = new Promise((resolve) => recorder.addEventListener("stop", () => {
    source.getTracks().forEach((track) => track.stop());
    work = work.then(() => evidence.end(media)).then(() => {
      running = null;
      if (wakeLock) { wakeLock.release().catch(() => null); wakeLock = null; }
      tell();
      resolve(media);
    });
  }));
  recorder.start(evidence.SLICE);
  if (navigator.wakeLock) { navigator.wakeLock.request("screen").then((lock) => { wakeLock = lock; }).catch(() => null); }
  tell();
  return true;
}

/** A button that begins the recording of the whole visit; it goes on from step to step until the one that keeps it. */
export function throughout(found, local, done) {
  const keeps = found.procedure.guide.filter((one) => one.record && !done(one.step)).pop();
  if (!keeps || !available()) { return null; }
  const material = found.procedure.events[keeps.step].materials.find((one) => one.id === keeps.record);
  const button = h("button.btn.btn-quiet", { type: "button", id: "throughout", hidden: Boolean(running), onclick: async () => {
    button.hidden = await record("video", local, keeps.step, material.id, material.title);
  } }, t("开始全程录像"));
  return button;
}

/** Ends the recording; resolves when its last chunk is kept. */
export async function stop() {
  const current = running;
  if (!current) { return null; }
  if (current.recorder.state !== "inactive") { current.recorder.stop(); }
  return current.ended;
}
