/* Evidence on the phone: files cut into chunks with their hashes, kept until the platform has them. */
import { drawId } from "./dom.js";
import { sha256 } from "./digest.js";
import * as store from "./store.js";

export const SLICE = 3000;
const PIECE = 2 * 1048576;
const EXTENSIONS = { "image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4", "video/webm": "webm", "audio/mp4": "m4a", "audio/webm": "webm" };

/** Puts a file in the outbox. kind: photo, video, audio, signature, file. */
export async function begin(local, step, requirement, kind, title, type, name = "") {
  const stamp = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
  const media = { id: drawId(), local, step, requirement, kind, type, count: 0, bytes: 0, ended: false, done: "", sent: 0, problem: null,
    name: name || `${title} ${stamp}.${EXTENSIONS[type.split(";")[0]] || "bin"}`, begun: Date.now() };
  await store.put("media", media);
  return media;
}

/** Adds the next chunk; it is on the disk of the phone before anything else happens. */
export async function addChunk(media, buffer, from = 0, to = 0) {
  const index = media.count, digest = await sha256(buffer);
  await store.together(["chunks", "media"], (at) => {
    at("chunks").put({ media: media.id, index, data: buffer, sha256: digest, from, to, sent: false });
    const read = at("media").get(media.id);
    read.onsuccess = () => {
      const row = read.result;
      if (row) { row.count = index + 1; row.bytes += buffer.byteLength; at("media").put(row); }
    };
  });
  media.count = index + 1;
  media.bytes += buffer.byteLength;
}

export async function end(media) { await change(media.id, { ended: true }); media.ended = true; }

/** Changes a file's row; nothing where it is gone. */
export function change(id, values) {
  return store.together(["media"], (at) => {
    const read = at("media").get(id);
    read.onsuccess = () => { if (read.result) { at("media").put({ ...read.result, ...values }); } };
  });
}

export async function addBlob(local, step, requirement, kind, title, blob, name = "") {
  const media = await begin(local, step, requirement, kind, title, blob.type || "application/octet-stream", name);
  for (let at = 0; at < blob.size; at += PIECE) { await addChunk(media, await blob.slice(at, at + PIECE).arrayBuffer()); }
  await end(media);
  return media;
}

export const drop = (id) => store.together(["media", "chunks"], (at) => {
  at("media").delete(id);
  at("chunks").delete(store.chunkRange(id));
});

/** Recordings that a reload or a dead battery cut off: what was kept of them counts, and ends there. */
export async function endBroken(live = "") {
  let broken = 0;
  for (const media of await store.all("media")) {
    if (media.ended || media.id === live) { continue; }
    broken++;
    if (media.count) { await change(media.id, { ended: true, broken: true }); } else { await drop(media.id); }
  }
  return broken;
}

export const mediaOf = async (local, step) => (await store.all("media")).filter((one) => one.local === local && one.step === step);
