/* What the screens read: the officer, procedures, cases on this phone, and which step comes next. */
import * as net from "./net.js";
import * as store from "./store.js";

export let start = null;
export let skew = 0;

export async function load() {
  let fresh = null;
  try { fresh = await net.call("GET", "/start"); } catch (failed) { if (!(failed instanceof net.Offline)) { throw failed; } }
  const person = fresh ? fresh.account : store.lastAccount();
  if (!person) { return false; }
  await store.open(person);
  if (fresh) {
    skew = Math.round((Date.now() - fresh.now) / 1000);
    net.setToken(fresh.csrf);
    await store.keep("start", { ...fresh, csrf: "" });
  }
  start = fresh || await store.kept("start");
  return Boolean(start);
}

export async function refresh() {
  const fresh = await net.call("GET", "/start");
  if (fresh.account !== start.account) { window.location.reload(); return; }
  net.setToken(fresh.csrf);
  skew = Math.round((Date.now() - fresh.now) / 1000);
  start = fresh;
  await store.keep("start", { ...fresh, csrf: "" });
}

export const procedure = (id) => start.procedures.find((one) => one.id === id);

/** A case as the phone knows it: its row, its procedure, and its steps that wait to be sent. */
export async function caseOf(local) {
  const row = await store.get("cases", local);
  if (!row) { return null; }
  const queue = (await store.all("queue")).filter((one) => one.local === local);
  return { row, queue, procedure: procedure(row.procedure), steps: row.state ? row.state.steps : [] };
}

/** A case of the platform, taken onto the phone; the newest state where there is network. */
export async function take(id, line) {
  const known = await store.get("cases", id);
  const row = known || { local: id, id, procedure: line.procedure, title: line.title, state: null };
  try { row.state = await net.call("GET", `/cases/${row.id}`); } catch (failed) { if (!(failed instanceof net.Offline)) { throw failed; } }
  await store.put("cases", row);
  return row;
}

export const times = (found, step) => found.steps.filter((one) => one.type === step).length + found.queue.filter((one) => one.step === step).length;

export const ended = (found) => (found.row.state && found.row.state.closed) || found.procedure.ends.some((step) => times(found, step));

/** The guide's next step: the first that is neither done nor optional. */
export function next(found) {
  if (ended(found)) { return null; }
  if (!found.steps.length && !found.queue.length) { return found.procedure.guide.find((one) => found.procedure.opens.includes(one.step)) || { step: found.procedure.opens[0], prompt: "", show: [] }; }
  return found.procedure.guide.find((one) => !one.optional && !found.procedure.opens.includes(one.step) && !times(found, one.step)) || null;
}

/** Other steps that may be recorded now. */
export function others(found) {
  const first = next(found), opening = !found.steps.length && !found.queue.length;
  return Object.values(found.procedure.events).filter((event) => event.may && (!first || event.id !== first.step)
    && (event.repeatable || !times(found, event.id)) && found.procedure.opens.includes(event.id) === opening
    && (!ended(found) || found.procedure.after.includes(event.id)));
}
