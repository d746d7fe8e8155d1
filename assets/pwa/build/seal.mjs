// node seal.mjs OUT CACHE: writes the service worker with the list of what it keeps, each file by
// its digest, and lays a brotli copy beside every file that shrinks.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { transform } from 'esbuild';

const [out, cache] = process.argv.slice(2);
const SMALL = 800; // bytes; below that the header costs what is saved
const brotli = promisify(zlib.brotliCompress);

const BLINK = /^(main\.dart\.(mjs|wasm)|canvaskit\/skwasm\.(js|wasm))$/;
const OTHERS = /^(main\.dart\.js|canvaskit\/canvaskit\.(js|wasm))$/;
const ONLINE_ONLY = /^(canvaskit|main\.dart|assets\/NOTICES|sw\.js|index\.html)|\.br$/; // other renderers; licences

const files = readdirSync(out, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(out, path.join(entry.parentPath ?? entry.path, entry.name)))
  .sort();
const contents = new Map(files.map((name) => [name, readFileSync(path.join(out, name))]));
const sha256 = (content, encoding) => createHash('sha256').update(content).digest(encoding);
const listed = (test) => Object.fromEntries(
  files.filter(test).map((name) => [name, `sha256-${sha256(contents.get(name), 'base64')}`]),
);

const lists = {
  APP_FILES: listed((name) => !ONLINE_ONLY.test(name)),
  ONLY_BLINK: listed((name) => BLINK.test(name)),
  ONLY_OTHERS: listed((name) => OTHERS.test(name)),
};
lists.APP_FILES[''] = `sha256-${sha256(contents.get('index.html'), 'base64')}`; // as the place itself
const define = Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, JSON.stringify(list)]));
define.APP_VERSION = JSON.stringify(sha256(JSON.stringify(lists), 'hex').slice(0, 12));
const worker = await transform(readFileSync('page/sw.js', 'utf8'), { define, minify: true, target: 'es2022' });
contents.set('sw.js', Buffer.from(worker.code));
writeFileSync(path.join(out, 'sw.js'), worker.code);

mkdirSync(cache, { recursive: true });
const sizes = await Promise.all([...contents].map(async ([name, content]) => {
  if (content.length < SMALL || /\.(png|woff2)$/.test(name)) return [content.length, content.length];
  const kept = path.join(cache, sha256(content, 'hex'));
  if (!existsSync(kept)) {
    const params = {
      [zlib.constants.BROTLI_PARAM_QUALITY]: 9,
      [zlib.constants.BROTLI_PARAM_LGWIN]: 24,
      [zlib.constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    };
    writeFileSync(kept, await brotli(content, { params }));
  }
  const small = readFileSync(kept);
  if (small.length >= content.length * 0.97) return [content.length, content.length];
  writeFileSync(path.join(out, `${name}.br`), small);
  return [content.length, small.length];
}));
for (const stale of readdirSync(cache)) {
  if (![...contents.values()].some((content) => sha256(content, 'hex') === stale)) rmSync(path.join(cache, stale));
}
const total = (which) => (sizes.reduce((sum, pair) => sum + pair[which], 0) / 1e6).toFixed(1);
console.log(`build/pwa: ${sizes.length} files, ${total(0)} MB, ${total(1)} MB as sent; version ${define.APP_VERSION}`);
