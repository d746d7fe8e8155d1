// node memory.mjs OUT: freezes the memory of a Python that has imported the app, for warm starts.
// Only imports happen before the freeze: nothing that knows a time, a place or a secret.
//
// This rests on options of Pyodide that it calls private. Every start that has no such memory, or
// that it does not fit, imports everything anew (page/worker.js): leave this step out with
// `build.py --no-memory` if an upgrade breaks it.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const out = path.resolve(process.argv[2]);
const url = (name) => pathToFileURL(path.join(out, name)).href;
const { loadPyodide } = await import(url('pyodide/pyodide.mjs'));
const worker = readFileSync(path.join(out, 'worker.js'), 'utf8');
const [, lock] = worker.match(/lockFileContents:'(.*?)'/);
const [name] = worker.match(/memory-[0-9a-f]+\.bin/);

const flet_js = { args: {}, documentUrl: null, phone: null };
const python = await loadPyodide({
  indexURL: path.join(out, 'pyodide') + path.sep,
  stdLibURL: path.join(out, 'pyodide', 'stdlib.zip'),
  lockFileContents: lock,
  env: { HOME: '/home/pyodide', MSGPACK_PUREPYTHON: '1', PYTHONHASHSEED: '0' },
  _makeSnapshot: true,
});
python.registerJsModule('flet_js', flet_js);
python.FS.writeFile('/app.zip', readFileSync(path.join(out, 'app.zip')));
const count = python.runPython(`
import sys
sys.path.insert(0, "/app.zip")
import asyncio, gc, json, marshal, pkgutil, random, runpy, types, zipfile
import flet, flet.messaging.pyodide_connection
import main, mobile_app.device.browser

def names(code):
    yield from code.co_names
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            yield from names(const)

# Flet imports a control when its name is first used: use those that the app uses.
with zipfile.ZipFile("/app.zip") as app:
    for file in app.namelist():
        if file.startswith("mobile_app/") and file.endswith(".pyc"):
            for name in names(marshal.loads(app.read(file)[16:])):
                getattr(flet, name, None)
flet.Icons.QR_CODE
# The first QR takes four times as long as the second: tables are filled, code is specialised.
from mobile_app.ui.qr_code import draw_qr
for _ in range(3):
    draw_qr("K1:" + "A" * 300)
del sys.modules["main"]
gc.collect()
len(sys.modules)
`);
const memory = python.makeMemorySnapshot({
  serializer: (value) => {
    if (value === flet_js) return 'flet_js';
    throw new Error(`cannot freeze ${Object.prototype.toString.call(value)} ${String(value).slice(0, 80)}`);
  },
});
writeFileSync(path.join(out, 'pyodide', name), memory);
console.log(`memory: ${count} modules, ${(memory.length / 1e6).toFixed(1)} MB`);
process.exit(0);
