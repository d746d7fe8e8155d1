// The page's first and only script: the link's code, the card, then Python and Flutter if no other
// tab has them, then the service worker, in this order.

import { showCard } from './card.js';
import { choosePhoto } from './choose.js';
import { flutterShowsCode } from './handover.js';
import { takeLinkCode } from './link.js';
import { myTurn } from './turn.js';
import words from 'words';

const CARD_FIRST_MS = 600; // the app waits this long at most for the card to be painted
const KEEP_FOR_LATER_MS = 30_000; // ... and the copy for offline use this long for the app
const FRAMES_MS = 300; // long enough for two frames, where frames are drawn at all
const LANGUAGE = 'flutter.kaiku.language';
const TAKE = 'kaiku.take'; // this tab was told to take the app from another one
const NEWEST = 'kaiku.newest'; // ... and to start the newest version

const base = new URL('.', document.currentScript.src).pathname;
const place = document.getElementById('instant');

takeLinkCode();
let t = words.fi;
speakAs(localStorage.getItem(LANGUAGE));

const card = location.pathname === base
  ? showCard(place).catch((error) => { console.error('no instant card:', error); })
  : Promise.resolve();

Promise.race([card.then(painted), rest(CARD_FIRST_MS)]).then(async () => {
  performance.mark('kaiku.card'); // for measuring, here and below
  if (wasTold(NEWEST)) await takeNewest();
  await myTurn({ wait: askForTurn, stop: leaveToOther, atOnce: wasTold(TAKE) });
  startPython();
  const flutter = document.createElement('script');
  flutter.src = `${base}flutter_bootstrap.js`;
  document.head.append(flutter);
});

// --- Flet's bridge: Flutter calls jsConnect, jsSend and jsDisconnect; messages wait for each other.

globalThis.flet = {
  pyodide: true,
  multiView: false,
  noCdn: true,
  entrypointBaseUrl: base,
  assetBase: base,
  routeUrlStrategy: 'path',
  canvasKitBaseUrl: `${base}canvaskit/`,
  // For a letter that no font has, Flutter asks for others, and where it gets none, for ever: what it
  // asks for ends behind the question mark, and it gets the one we have.
  fontFallbackBaseUrl: `${base}assets/fonts/roboto.woff2?`,
  webRenderer: 'auto',
  flutterAppResolve: () => {},
};

let python = null;
let toFlutter = null;
let early = [];

function startPython() {
  if (python) return;
  python = new Worker(`${base}worker.js`, { type: 'module' });
  python.onerror = (event) => failed(event.message);
  python.onmessage = ({ data, ports }) => {
    if (data === 'app-ready') ready();
    else if (data === 'choose-photo') choosePhoto(ports[0]);
    else if (data === 'load-again') startAgain(NEWEST);
    else if (String(data).startsWith('failed')) failed(data);
    else if (toFlutter) toFlutter(data);
    else early.push(data);
  };
  python.postMessage({ documentUrl: document.URL });
}

globalThis.jsConnect = async (_app, _args, onMessage) => {
  startPython();
  await new Promise((resolve) => {
    toFlutter = (data) => (data === 'initialized' ? resolve() : onMessage(data));
    early.splice(0).forEach(toFlutter);
  });
};

globalThis.jsSend = async (_app, data) => python?.postMessage(data, [data.buffer]);

globalThis.jsDisconnect = async () => {
  python?.terminate();
  python = toFlutter = null;
  early = [];
};

// --- Handing over

async function ready() {
  const putAway = await card;
  await painted();
  if (place.querySelector('canvas')) await flutterShowsCode();
  putAway?.();
  place.remove();
  performance.mark('kaiku.app');
  globalThis.dispatchEvent(new Event('app-ready'));
  keepForLater();
  await navigator.storage?.persist?.(); // or the browser may clear the card away when space is short
}

function failed(why) {
  console.error(why);
  say(place, 'alert', t.broken);
}

// --- One tab at a time

function askForTurn(take) {
  say(place, 'status', t.elsewhere);
  offer(place, () => {
    place.querySelectorAll('button, p[role=status]').forEach((one) => one.remove());
    take();
  });
}

function leaveToOther() {
  python?.terminate();
  const page = document.createElement('main');
  page.id = 'instant';
  page.lang = document.documentElement.lang;
  document.body.replaceChildren(page);
  say(page, 'status', t.elsewhere);
  offer(page, () => startAgain(TAKE));
}

function startAgain(told) {
  sessionStorage.setItem(told, '');
  location.reload();
}

function wasTold(what) {
  const told = sessionStorage.getItem(what) !== null;
  sessionStorage.removeItem(what);
  return told;
}

function say(where, role, text) {
  const line = document.createElement('p');
  line.setAttribute('role', role);
  line.textContent = text;
  where.append(line);
}

function offer(where, act) {
  const button = document.createElement('button');
  button.textContent = t.use_here;
  button.addEventListener('click', act, { once: true });
  where.append(button);
}

let kept = false;
function keepForLater() {
  if (kept || !navigator.serviceWorker) return;
  kept = true;
  // Which of Flutter's builds this browser runs, told as Flutter itself tells it.
  const isBlink = navigator.vendor === 'Google Inc.' || navigator.userAgent.includes('Edg/');
  navigator.serviceWorker.register(`${base}sw.js${isBlink ? '?blink' : ''}`, { scope: base, updateViaCache: 'none' })
    .catch((error) => console.error('not kept for offline use:', error));
}
rest(navigator.serviceWorker?.controller ? 0 : KEEP_FOR_LATER_MS).then(keepForLater);

/** Has the newest version take over, and starts it; without one, this start goes on.
 *
 * At a start and not before it: next to a running camera, a new service worker waits for most of a minute.
 */
async function takeNewest() {
  say(place, 'status', t.starting);
  const registration = await navigator.serviceWorker?.getRegistration(base);
  await registration?.update().catch(() => {});
  const next = registration?.installing ?? registration?.waiting;
  if (!next) return;
  await reaches(next, ['installed', 'activated', 'redundant']);
  next.postMessage('take over');
  await reaches(next, ['activated', 'redundant']);
  location.reload();
  await new Promise(() => {});
}

const reaches = (worker, states) => new Promise((resolve) => {
  const look = () => { if (states.includes(worker.state)) resolve(); };
  worker.addEventListener('statechange', look);
  look();
});

// --- Small things around Flutter

// Flutter hides its accessibility tree behind an invisible button; everybody gets it here.
addEventListener('flutter-first-frame', () => {
  const turnOn = () => {
    const button = document.querySelector('flt-semantics-placeholder');
    if (button) button.click(); else setTimeout(turnOn, 50);
  };
  turnOn();
}, { once: true });

// Screen readers choose their voice by <html lang>; the app writes its language into preferences.
function speakAs(value) {
  if (value) t = words[JSON.parse(value)] ?? words.fi;
  document.documentElement.lang = t.lang;
}
const setItem = Storage.prototype.setItem;
Storage.prototype.setItem = function keepAndSpeak(name, value) {
  setItem.call(this, name, value);
  if (name === LANGUAGE) speakAs(value);
};

// Safari restores a page from its back/forward cache with drawing broken: start it anew.
addEventListener('pageshow', (event) => {
  if (event.persisted && (navigator.vendor || '').startsWith('Apple')) location.reload();
});

function painted() {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
    setTimeout(resolve, FRAMES_MS); // a hidden page draws no frames
  });
}

function rest(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}
