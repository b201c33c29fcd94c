// Calls of Load Modules through /rest, one after another: the board runs one at a time, and has one connection less to hold.

const CALL_MS = 30_000; // time limit for a reply
let fields = {}; // what says who we are: the token of a session, or the password of micrOS's clients

export class Refused extends Error {
  constructor(status, text) { super(text); this.status = status; }
}

/** Take over a session that the browser has. */
export async function session() {
  try {
    const response = await fetch("/api/session", { cache: "no-store" });
    if (response.ok) fields = { "X-CSRF-Token": (await response.json()).csrf };
  } catch { /* the first call will say what is wrong */ }
}

/** Log in; Refused for a wrong password. */
export async function enter(user, password) {
  if (user === "micros") {
    fields = { "X-micros-auth": password };
    return ask("");
  }
  const body = JSON.stringify({ user, password });
  const response = await fetch("/api/login", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const text = await response.text();
  if (!response.ok) throw new Refused(response.status, reason(text, response));
  fields = { "X-CSRF-Token": JSON.parse(text).csrf };
}

function reason(text, response) {
  try { return JSON.parse(text).error; } catch { return text.trim() || `${response.status} ${response.statusText}`; }
}

/** The address of a command: spaces outside of quotes become slashes; what is in quotes stays as it is. */
export function address(command) {
  const words = command.trim().match(/(?:"[^"]*"|'[^']*'|\S)+/g) || [];
  return "/rest" + words.map((word) => "/" + encodeURIComponent(word)).join("");
}

/** Send a request; the JSON of its answer. body: what is posted as JSON. */
export async function request(path, body) {
  const headers = { "X-Requested-With": "dashboard", ...fields }, post = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  let response;
  try {
    response = await fetch(path, { headers, ...post, cache: "no-store", signal: AbortSignal.timeout(CALL_MS) });
  } catch { throw new Refused(0, "The board does not answer."); }
  const text = await response.text();
  if (!response.ok) throw new Refused(response.status, reason(text, response));
  return JSON.parse(text);
}

const ask = (command) => request(address(command));

let last = Promise.resolve();

/** Run a command: {result, state}. Refused if the board does not run it. */
export function call(command) {
  last = last.then(() => ask(command), () => ask(command));
  return last;
}
