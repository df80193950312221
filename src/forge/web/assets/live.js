// @ts-check
// Keeps a page up to date without reloading it. Every page works without this script.
//
// It asks for the page again and again, answers "not modified" cost next to nothing, and changes what differs
// inside <main>: elements that stay keep their focus, selection, scroll position and whatever was typed.

const fastMs = 1000;
const slowMs = 3000;
const lostMs = 5000;

const main = /** @type {HTMLElement} */ (document.querySelector("main"));
const mark = /** @type {HTMLElement} */ (document.getElementById("live-mark"));
let etag = "";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let isAsking = false;

function pace() {
  const wish = main.querySelector("[data-live]")?.getAttribute("data-live");
  if (wish === "fast") return fastMs;
  return wish === "slow" ? slowMs : null;
}

function schedule(delayMs = pace()) {
  clearTimeout(timer);
  mark.hidden = delayMs === null;
  if (delayMs !== null) timer = setTimeout(refresh, delayMs);
}

async function refresh() {
  // A hidden page asks again when it is shown, see "visibilitychange".
  if (document.hidden || isAsking) return;
  isAsking = true;
  let delayMs = pace();
  try {
    await refreshOnce();
    delayMs = pace();
    showConnection(true);
  } catch {
    delayMs = lostMs;
    showConnection(false);
  } finally {
    isAsking = false;
    schedule(delayMs);
  }
}

async function refreshOnce() {
  const response = await fetch(location.href, {
    headers: { "x-forge-live": "1", ...(etag && { "if-none-match": etag }) },
    cache: "no-store",
  });
  if (response.status !== 200) return;
  etag = response.headers.get("etag") ?? "";
  show(await response.text());
}

/** @param {boolean} isConnected */
function showConnection(isConnected) {
  mark.classList.toggle("is-lost", !isConnected);
  const text = isConnected ? "Live" : "The forge does not answer";
  if (mark.textContent !== text) mark.textContent = text;
}

/** @param {string} markup */
function show(markup) {
  const next = new DOMParser().parseFromString(markup, "text/html");
  const nextMain = next.querySelector("main");
  if (!nextMain) return;
  const follows = main.querySelector("[data-follow]") !== null && isAtBottom();
  document.title = next.title;
  for (const selector of ["main", ".tabs"]) {
    const [current, wanted] = [document.querySelector(selector), next.querySelector(selector)];
    if (current && wanted) morphChildren(current, wanted);
  }
  if (follows) window.scrollTo({ top: document.documentElement.scrollHeight });
}

function isAtBottom() {
  return (
    window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 40 && window.scrollY > 0
  );
}

/**
 * Makes the children of `current` equal to those of `wanted`, reusing every element that corresponds: the one
 * with the same id, or the next one of the same kind without an id.
 * @param {Node} current
 * @param {Node} wanted
 */
function morphChildren(current, wanted) {
  /** @type {ChildNode | null} */
  let cursor = current.firstChild;
  for (const node of [...wanted.childNodes]) {
    const match = findMatch(current, cursor, node);
    if (!match) {
      current.insertBefore(document.importNode(node, true), cursor);
    } else {
      if (match === cursor) cursor = cursor.nextSibling;
      else current.insertBefore(match, cursor);
      morphNode(match, node);
    }
  }
  while (cursor) {
    const surplus = cursor;
    cursor = cursor.nextSibling;
    surplus.remove();
  }
}

/**
 * @param {Node} parent
 * @param {ChildNode | null} cursor
 * @param {ChildNode} node
 * @returns {ChildNode | null}
 */
function findMatch(parent, cursor, node) {
  const id = idOf(node);
  if (id) {
    const known = document.getElementById(id);
    return known && known.parentNode === parent && known.nodeName === node.nodeName ? known : null;
  }
  return cursor && cursor.nodeName === node.nodeName && !idOf(cursor) ? cursor : null;
}

/** @param {Node} node */
function idOf(node) {
  return node instanceof Element ? node.id : "";
}

/**
 * @param {ChildNode} current
 * @param {ChildNode} wanted
 */
function morphNode(current, wanted) {
  if (!(current instanceof Element) || !(wanted instanceof Element)) {
    if (current.nodeValue !== wanted.nodeValue) current.nodeValue = wanted.nodeValue;
    return;
  }
  if (current.matches("textarea, select, input:not([type=hidden])")) {
    morphField(current, wanted);
    return;
  }
  morphAttributes(current, wanted);
  morphChildren(current, wanted);
}

/**
 * What a person is typing or choosing belongs to the person until the form is sent. Only a field that shows what is
 * stored (`data-sync`), and in which nobody has typed, follows it.
 * @param {Element} current
 * @param {Element} wanted
 */
function morphField(current, wanted) {
  if (!(current instanceof HTMLTextAreaElement || current instanceof HTMLInputElement)) return;
  if (!(wanted instanceof HTMLTextAreaElement || wanted instanceof HTMLInputElement)) return;
  const isUntouched = current.value === current.defaultValue && document.activeElement !== current;
  if (current.dataset.sync !== undefined && isUntouched) current.defaultValue = wanted.defaultValue;
}

/** Opened or closed by hand, so the server's idea of it no longer counts. @type {WeakSet<Element>} */
const toggledByHand = new WeakSet();

/**
 * @param {Element} current
 * @param {Element} wanted
 */
function morphAttributes(current, wanted) {
  const keepsOpen = toggledByHand.has(current);
  for (const { name } of [...current.attributes]) {
    if (!wanted.hasAttribute(name) && !(name === "open" && keepsOpen)) current.removeAttribute(name);
  }
  for (const { name, value } of [...wanted.attributes]) {
    if (name === "open" && keepsOpen) continue;
    if (current.getAttribute(name) !== value) current.setAttribute(name, value);
  }
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const summary = target?.closest("summary");
  if (summary?.parentElement) toggledByHand.add(summary.parentElement);
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.removeAttribute("open");
  }
  const copy = target?.closest("[data-copy]");
  if (copy instanceof HTMLInputElement) copy.select();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.removeAttribute("open");
      menu.querySelector("summary")?.focus();
    }
  }
  const form = event.target instanceof HTMLTextAreaElement ? event.target.form : null;
  const submit = /** @type {HTMLElement | null | undefined} */ (form?.querySelector("button.button-primary"));
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit?.click();
});

// A form that was sent must not be sent again by an impatient second click.
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.dataset.sent !== undefined) event.preventDefault();
  form.dataset.sent = "";
});

// A page restored by the back button starts anew.
window.addEventListener("pageshow", (event) => {
  for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
  if (event.persisted) void refresh();
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && pace() !== null) void refresh();
});

// On a narrow screen the tabs scroll, and the current one may be out of sight.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  tab.scrollIntoView({ block: "nearest", inline: "center" });
}

schedule();
