// Runs the Python app. Takes the place of Flet's own worker: the standard library and the app come
// as byte code in two zips, nothing is unpacked, nothing is asked of a package index.

import { loadPyodide } from './pyodide/pyodide.mjs';
import createPyodideModule from './pyodide/pyodide.asm.mjs';
import { send } from './http.js';
import * as keys from './keys.js';
import { get, putAll, under } from './records.js';
import { stretch } from './stretch.js';

const shrinkPhoto = async (photo, wanted) => (await import('./album.js')).shrinkPhoto(photo, wanted);
/** The page alone can open a chooser; it gives the file. */
const choosePhoto = () => new Promise((resolve) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => resolve(data ?? undefined);
  self.postMessage('choose-photo', [port2]);
});
const readPicture = async (picture) => (await import('./reader.js')).readPicture(picture);

// Asked for by the page (start.js), where alone it can be.
const isLasting = async () => Boolean(await navigator.storage?.persisted?.());

const here = (path) => new URL(path, import.meta.url).href;

/** Python waits for ever for a promise that is refused with no Error, but say with a DOMException. */
const heard = (calls) => Object.fromEntries(Object.entries(calls).map(([name, call]) => [
  name,
  async (...given) => {
    try {
      return await call(...given);
    } catch (error) {
      throw new Error(`${error.name}: ${error.message}`);
    }
  },
]));

/** What Python finds as the module flet_js: Flet's half, and `phone`, ours. */
const flet_js = {
  args: {},
  documentUrl: null,
  phone: {
    ...heard({ get, putAll, under, isLasting, send, ...keys, readPicture, choosePhoto, shrinkPhoto, stretch }),
    baseUrl: new URL('..', here('./')).href.replace(/\/$/, ''),
    loadAgain: () => self.postMessage('load-again'),
    appReady: () => self.postMessage('app-ready'),
  },
};

const fetched = async (path) => {
  const answer = await fetch(here(path));
  if (!answer.ok) throw new Error(`${path}: status ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
};

const app = fetched('./app.zip');
app.catch(() => {}); // told where it is awaited

const options = {
  indexURL: here('./pyodide/'),
  stdLibURL: here('./pyodide/stdlib.zip'),
  lockFileContents: PYODIDE_LOCK,
  createPyodideModule,
  env: { HOME: '/home/pyodide', MSGPACK_PUREPYTHON: '1', PYTHONHASHSEED: '0' },
  stdout: (line) => console.log(line),
  stderr: (line) => console.error(line),
};

const START_COLD = `
import sys
sys.path.insert(0, "/app.zip")
`;

// The memory was frozen in the middle of its life: what must differ between starts is made anew.
// What it knows of its zips stays true: its name is made from theirs.
const START_WARM = `
import random
random.seed()
`;

const boot = async () => {
  const python = (await bootWarm()) ?? (await bootCold());
  await python.runPythonAsync('import runpy\nrunpy.run_module("main", run_name="__main__")');
  await flet_js.start_connection(toPage);
  self.postMessage('initialized');
};

const bootCold = async () => {
  const python = await loadPyodide(options);
  python.registerJsModule('flet_js', flet_js);
  python.FS.writeFile('/app.zip', await app);
  python.runPython(START_COLD);
  return python;
};

/** The memory of a Python that has imported everything; only if the service worker holds it. */
const bootWarm = async () => {
  try {
    const kept = await caches.match(here(`./pyodide/${MEMORY}`));
    if (!kept) return undefined;
    const memory = new Uint8Array(await kept.arrayBuffer());
    const python = await loadPyodide({
      ...options,
      createPyodideModule: async (settings) => {
        const module = await createPyodideModule(settings);
        module.growMemory(memory.length); // it begins smaller than what is to be laid into it
        return module;
      },
      _loadSnapshot: memory,
      _snapshotDeserializer: () => flet_js,
    });
    python.FS.writeFile('/app.zip', await app);
    python.runPython(START_WARM);
    return python;
  } catch (error) {
    console.warn('the kept memory does not fit, starting afresh:', error);
    return undefined;
  }
};

const toPage = (message) => {
  const bytes = message.toJs();
  self.postMessage(bytes, [bytes.buffer]);
};
flet_js.receive_callback = toPage;

let waiting = []; // what Flutter says before Python listens
self.onmessage = async ({ data }) => {
  if (data instanceof Uint8Array) {
    if (waiting) waiting.push(data); else flet_js.send(data);
    return;
  }
  flet_js.documentUrl = data.documentUrl;
  try {
    await boot();
    for (const message of waiting) flet_js.send(message);
    waiting = null;
  } catch (error) {
    console.error(error);
    self.postMessage(`failed: ${error}`);
  }
};
