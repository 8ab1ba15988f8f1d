/* Talks to the platform. Three ways to fail: no network, not logged in, refused with reasons. */
export class Offline extends Error {}
export class LoggedOut extends Error {}
export class Refused extends Error {
  constructor(status, problems) { super(problems.map((one) => one.message).join(" ")); this.status = status; this.problems = problems; }
  has(code) { return this.problems.some((one) => one.code === code); }
  get first() { return this.problems[0] || {}; }
}

let given = "";
export const setToken = (value) => { given = value; };
export const token = () => given;

/** Calls the interface and gives its answer. */
export async function call(method, path, body = null, raw = false) {
  const headers = { "HX-Request": "true", "X-CSRFToken": given };
  if (body !== null) { headers["Content-Type"] = raw ? "application/octet-stream" : "application/json"; }
  let answer;
  try {
    answer = await fetch(`/field/api${path}`, { method, headers, credentials: "same-origin", cache: "no-store",
      body: body === null ? undefined : raw ? body : JSON.stringify(body) });
  } catch (failed) { throw new Offline(); }
  if (answer.status === 401 || answer.redirected) { throw new LoggedOut(); }
  let found;
  try { found = await answer.json(); } catch (broken) {
    if (answer.ok || answer.status >= 500 || answer.status === 429) { throw new Offline(); }
    found = {};
  }
  if (answer.ok) { return found; }
  if (answer.status >= 500 || answer.status === 429) { throw new Offline(); }
  throw new Refused(answer.status, found.problems || [{ code: `http-${answer.status}`, message: `HTTP ${answer.status}`, fix: "", at: "" }]);
}
