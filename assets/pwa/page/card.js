// The instant card: the QR of the moment, drawn from what the browser keeps, long before Flutter and
// Python are there. It stays until the app has drawn its own: never a moment without a code.

import { correction, generate, mode } from 'lean-qr';
import { sign } from './keys.js';
import { get } from './records.js';
import { hindranceOf, isLikely } from './standing.js';
import { draftPresentation, fromBase64url, writeText } from './token.js';
import words from 'words';

const WINDOW_S = 30; // as mobile_app/card/state.py
const BEAT_MS = 250;
const TRY_AGAIN_MS = 2000;
const QUIET_MODULES = 4;
const LEVEL_L = { minCorrectionLevel: correction.L, maxCorrectionLevel: correction.L };

/** Shows what is to be shown in `place` at once; gives a function that takes it away. */
export const showCard = async (place) => {
  const names = ['card', 'clock', 'settings', 'own/lock'];
  const [held, clock, settings, lock] = await Promise.all(names.map(kept));
  const t = words[settings?.language] ?? words.fi;
  const now = () => new Date(Date.now() - 1000 * (clock?.error_s ?? 0));
  place.lang = t.lang;
  if (!held) return say(place, t.title, t.no_card);
  if (lock?.everything) return say(place, t.title, t.locked); // the app asks for the PIN
  const hindrance = hindranceOf(held, now(), isLikely(clock, Date.now() / 1000));
  const title = held.facts.community ? t.community : t.title;
  if (hindrance) return say(place, title, t[hindrance]);
  return draw(place, title, t, () => present(held, now()), now);
};

const kept = async (name) => {
  const text = await get(name);
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch (error) {
    console.error(`what is kept as ${name} cannot be read:`, error);
    return undefined;
  }
};

const present = async (held, now) => {
  const draft = draftPresentation(fromBase64url(held.credential), Math.floor(now / 1000));
  const signature = await sign(held.key_name, draft.toSign);
  if (!signature) throw new Error('the key of the card is gone');
  return writeText(draft.seal(signature));
};

const draw = async (place, title, t, code, now) => {
  const canvas = element('canvas', { role: 'img', 'aria-label': t.label });
  const timer = element('p', { role: 'timer', 'aria-live': 'off' });
  const status = element('p', { role: 'status' });
  let window = null;
  let busy = false;

  const beat = async () => {
    const nowS = Math.floor(now() / 1000);
    timer.textContent = t.countdown.replace('{seconds}', WINDOW_S - (nowS % WINDOW_S));
    const current = Math.floor(nowS / WINDOW_S);
    if (busy || current === window || document.visibilityState !== 'visible') return;
    busy = true;
    try {
      paint(canvas, await code());
      window = current;
      status.textContent = '';
    } catch (error) {
      console.error(error);
      canvas.width = 0; // an old code would be refused at the door, and nobody would know why
      status.textContent = t.failed;
      await new Promise((resolve) => { setTimeout(resolve, TRY_AGAIN_MS); });
    } finally {
      busy = false;
    }
  };

  const first = beat();
  place.replaceChildren(element('h1', {}, title), canvas, timer, status);
  await Promise.race([first, new Promise((resolve) => { setTimeout(resolve, TRY_AGAIN_MS / 4); })]);
  const ticking = setInterval(beat, BEAT_MS);
  return () => clearInterval(ticking);
};

const paint = (canvas, text) => {
  const pad = QUIET_MODULES;
  generate(text, { modes: [mode.alphaNumeric], ...LEVEL_L })
    .toCanvas(canvas, { scale: 1, pad, padX: pad, padY: pad });
  // Whole device pixels for each module, or the edges blur.
  const room = Math.min(innerWidth * 0.9, innerHeight * 0.7, 480) * devicePixelRatio;
  const side = Math.max(1, Math.floor(room / canvas.width)) * canvas.width;
  canvas.style.width = `${side / devicePixelRatio}px`;
};

const say = (place, ...lines) => {
  const [title, ...rest] = lines.filter(Boolean);
  place.replaceChildren(
    element('h1', {}, title),
    ...rest.map((line) => element('p', { role: 'status' }, line)),
  );
  return () => {};
};

const element = (tag, attributes, text = '') => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
};
