// node bundle.mjs PYODIDE WORDS OUT: makes the page's scripts, small enough to come first.

import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const [pyodide, words, out] = process.argv.slice(2);
const json = (name) => JSON.parse(readFileSync(path.join(pyodide, name), 'utf8'));

// Nothing of Pyodide's package index is needed, and the whole lock would be 119 kB of it.
const lock = { info: { ...json('pyodide-lock.json').info, version: json('package.json').version }, packages: {} };

// A memory remembers where in these zips everything is: it goes with no others.
const zips = ['pyodide/stdlib.zip', 'app.zip'].map((name) => readFileSync(path.join(out, name)));
const memory = `memory-${createHash('sha256').update(Buffer.concat(zips)).digest('hex').slice(0, 12)}.bin`;

const common = { bundle: true, minify: true, target: 'es2022', logLevel: 'warning', charset: 'utf8' };
const page = (name) => `page/${name}.js`;

await build({
  ...common,
  entryPoints: [page('start')],
  outdir: out,
  format: 'iife',
  alias: { words: path.resolve(words) },
});
await build({
  ...common,
  entryPoints: [page('worker'), page('reader'), page('album')],
  outdir: out,
  format: 'esm',
  external: ['./pyodide/*', './reader.js', './album.js'],
  define: { PYODIDE_LOCK: JSON.stringify(JSON.stringify(lock)), MEMORY: JSON.stringify(memory) },
});
copyFileSync('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm', path.join(out, 'zxing_reader.wasm'));
