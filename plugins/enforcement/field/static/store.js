/* What the phone keeps until the platform has acknowledged it: one IndexedDB for each account. */
const STORES = {
  kept: { keyPath: "key" }, cases: { keyPath: "local" }, drafts: { keyPath: "key" }, media: { keyPath: "id" },
  chunks: { keyPath: ["media", "index"] }, queue: { keyPath: "n", autoIncrement: true },
};
let opened = null, account = "";

const promised = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export async function open(person) {
  account = person;
  const request = indexedDB.open(`field-${person}`, 1);
  request.onupgradeneeded = () => {
    for (const [name, options] of Object.entries(STORES)) { request.result.createObjectStore(name, options); }
  };
  opened = await promised(request);
  opened.onversionchange = () => opened.close();
  localStorage.setItem("field-account", person);
  if (navigator.storage && navigator.storage.persist) { navigator.storage.persist().catch(() => false); }
}

export const lastAccount = () => localStorage.getItem("field-account") || "";

/** Runs several changes together: all of them or none. */
export function together(names, work) {
  return new Promise((resolve, reject) => {
    const transaction = opened.transaction(names, "readwrite");
    transaction.oncomplete = () => resolve();
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
    work((name) => transaction.objectStore(name));
  });
}

export const get = (name, key) => promised(opened.transaction(name).objectStore(name).get(key));
export const all = (name) => promised(opened.transaction(name).objectStore(name).getAll());
export const put = (name, value) => together([name], (store) => { store(name).put(value); });
export const remove = (name, key) => together([name], (store) => { store(name).delete(key); });

export const chunkRange = (media) => IDBKeyRange.bound([media, 0], [media, Infinity]);
export const chunkKeys = (media) => promised(opened.transaction("chunks").objectStore("chunks").getAllKeys(chunkRange(media)));
export const chunk = (media, index) => get("chunks", [media, index]);

export async function kept(key, otherwise = null) { const row = await get("kept", key); return row ? row.value : otherwise; }
export const keep = (key, value) => put("kept", { key, value });

/** How much would be lost if the phone forgot everything now: steps, files and drafts that are not acknowledged. */
export async function unsent() {
  const [queue, media, drafts] = await Promise.all([all("queue"), all("media"), all("drafts")]);
  return { steps: queue.length, files: media.filter((one) => !one.done).length, media: media.length, drafts: drafts.length, all: queue.length + media.length + drafts.length };
}

/** Notes how much each account has left on this phone, without saying what. */
export async function noteUnsent() {
  const noted = JSON.parse(localStorage.getItem("field-unsent") || "{}");
  const left = await unsent();
  if (left.all) { noted[account] = left.all; } else { delete noted[account]; }
  localStorage.setItem("field-unsent", JSON.stringify(noted));
  return left;
}

export function leftByOthers() {
  const noted = JSON.parse(localStorage.getItem("field-unsent") || "{}");
  return Object.keys(noted).some((name) => name !== account);
}

export async function forget() {
  opened.close();
  await promised(indexedDB.deleteDatabase(`field-${account}`));
  const noted = JSON.parse(localStorage.getItem("field-unsent") || "{}");
  delete noted[account];
  localStorage.setItem("field-unsent", JSON.stringify(noted));
  localStorage.removeItem("field-account");
}
