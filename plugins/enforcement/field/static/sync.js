/* Sends what the phone keeps, in order, each thing once: chunks by number and hash, steps by their key. */
import { Whole, sha256 } from "./digest.js";
import { change } from "./evidence.js";
import * as net from "./net.js";
import * as store from "./store.js";

const PATIENCE = 5000, CLOCK_PATIENCE = 120;
let again = 0, working = null, wanted = false;
const listeners = [];
export const state = { online: true, login: false, busy: false };
export const onSync = (listener) => listeners.push(listener);
const tell = () => listeners.forEach((listener) => listener(state));

/** Sends everything that can be sent; called again while it works, it starts over afterwards. */
export function sync() {
  clearTimeout(again);
  if (working) { wanted = true; return working; }
  const locked = navigator.locks ? navigator.locks.request("field-sync", { ifAvailable: true }, (lock) => (lock ? run() : null)) : run();
  working = Promise.resolve(locked).then(() => { working = null; if (wanted) { wanted = false; return sync(); } return null; });
  return working;
}

async function run() {
  state.busy = true;
  tell();
  try {
    for (const media of await store.all("media")) { await sendMedia(media); }
    await sendSteps();
    state.online = true; state.login = false;
  } catch (failed) {
    if (failed instanceof net.Offline) { state.online = false; } else if (failed instanceof net.LoggedOut) { state.login = true; } else if (failed instanceof net.Refused && failed.has("form-expired")) { await renewToken(); } else { throw failed; }
  } finally {
    state.busy = false;
    const left = await store.noteUnsent();
    if (left.steps || left.files) { again = setTimeout(sync, PATIENCE); }
    tell();
  }
}

async function renewToken() {
  try { net.setToken((await net.call("GET", "/start")).csrf); } catch (later) { state.online = !(later instanceof net.Offline); }
}

async function sendMedia(media) {
  if (media.done || media.problem) { return; }
  try {
    const { held } = await net.call("PUT", `/uploads/${media.id}`, { name: media.name });
    for (let index = 0; index < media.count; index++) {
      const chunk = await store.chunk(media.id, index);
      if (held[index] === chunk.sha256) { continue; }
      if (await sha256(chunk.data) !== chunk.sha256) { await change(media.id, { problem: { code: "damaged-here", number: index + 1 } }); return; }
      await sendChunk(media, chunk, index);
      await change(media.id, { sent: index + 1 });
      tell();
    }
    const now = await store.get("media", media.id);  // a recording may have grown meanwhile
    if (now && now.count > media.count) { return await sendMedia(now); }
    if (now && now.ended) { await finish(now); }
  } catch (failed) {
    if (!(failed instanceof net.Refused) || failed.has("form-expired")) { throw failed; }
    await change(media.id, { problem: failed.first });
  }
  return undefined;
}

async function sendChunk(media, chunk, index) {
  for (let attempt = 1; ; attempt++) {
    try {
      await net.call("PUT", `/uploads/${media.id}/${index}?sha256=${chunk.sha256}&from=${chunk.from}&to=${chunk.to}`, chunk.data, true);
      return;
    } catch (failed) {
      if (!(failed instanceof net.Refused && failed.has("chunk-damaged")) || attempt === 4) { throw failed; }
    }
  }
}

async function finish(media) {
  const whole = new Whole(), hashes = [];
  for (let index = 0; index < media.count; index++) {
    const chunk = await store.chunk(media.id, index);
    whole.add(chunk.data);
    hashes.push(chunk.sha256);
  }
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await net.call("POST", `/uploads/${media.id}/finish`, { hashes, sha256: whole.hexdigest() });
      await change(media.id, { done: answer.sha256, sent: media.count });
      return;
    } catch (failed) {
      if (!(failed instanceof net.Refused && failed.has("chunks-missing")) || attempt === 3) { throw failed; }
      for (const index of String(failed.first.details.indexes).split(",").map(Number)) { await sendChunk(media, await store.chunk(media.id, index), index); }
    }
  }
}

async function sendSteps() {
  const stuck = new Set();
  for (const item of (await store.all("queue")).sort((one, other) => one.n - other.n)) {
    if (stuck.has(item.local)) { continue; }
    if (!(await sendStep(item))) { stuck.add(item.local); }
  }
}

/** True where the step is recorded and what follows it may go. */
async function sendStep(item) {
  if (item.state === "conflict" || item.state === "refused") { return false; }
  const media = await store.all("media"), used = Object.values(item.materials).flat();
  if (media.some((one) => used.includes(one.id) && !one.done)) { return false; }
  const row = await store.get("cases", item.local);
  if (!item.opens && !(row && row.id)) { return false; }
  const body = { step: item.step, occurred_at: item.occurredAt, values: item.values, materials: item.materials, documents: item.documents, key: item.key };
  try {
    const answer = item.opens
      ? await net.call("POST", "/cases", { ...body, procedure: item.procedure, title: item.title })
      : await net.call("POST", `/cases/${row.id}/steps`, { ...body, seen: item.seen });
    await recorded(item, row, answer, used);
    return true;
  } catch (failed) {
    if (!(failed instanceof net.Refused) || failed.has("form-expired")) { throw failed; }
    await refused(item, row, failed, used);
    return false;
  }
}

/** The platform has it: the phone forgets it, in one stroke. Steps queued behind it have seen it. */
async function recorded(item, row, answer, used) {
  const waiting = (await store.all("queue")).filter((one) => one.local === item.local && one.n !== item.n);
  await store.together(["queue", "media", "chunks", "cases"], (at) => {
    at("queue").delete(item.n);
    for (const id of used) { at("media").delete(id); at("chunks").delete(store.chunkRange(id)); }
    at("cases").put({ ...row, id: answer.case, state: answer.state, event: answer.event });
    for (const one of waiting) { at("queue").put({ ...one, seen: answer.state.seq }); }
  });
  tell();
}

async function refused(item, row, failed, used) {
  const first = failed.first;
  if (failed.has("field-clock-ahead") && first.details.seconds <= CLOCK_PATIENCE) { return; }
  if (failed.has("upload-unknown")) {  // the platform has forgotten a file that waited too long: it is sent again
    for (const id of used) { await change(id, { done: "", sent: 0 }); }
    return;
  }
  if (failed.has("case-moved-on")) {
    const latest = await net.call("GET", `/cases/${row.id}`);
    await store.put("cases", { ...row, state: latest });
    await store.put("queue", { ...item, state: "conflict", problems: failed.problems, before: row.state ? row.state.seq : 0 });
  } else {
    await store.put("queue", { ...item, state: "refused", problems: failed.problems });
  }
  tell();
}
