// P-256 keys by name, made and used by WebCrypto; the private halves cannot leave the browser.
// Signatures are r then s, 32 bytes each. Points are 33 bytes, compressed (SEC 1).

import { deleteKey, getKey, putKey } from './records.js';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };
const ES256 = { name: 'ECDSA', hash: 'SHA-256' };
const X_BYTES = 32;
const REMEMBERED_MOST = 64;

const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Makes a key in place of any old one of this name; gives its point. */
export const makeKey = async (name) => {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify']);
  await putKey(name, pair);
  return compressed(pair);
};

export const pointOf = async (name) => {
  const pair = await getKey(name);
  return pair && compressed(pair);
};

/** Gives nothing when there is no such key. */
export const sign = async (name, data) => {
  const pair = await getKey(name);
  return pair && new Uint8Array(await crypto.subtle.sign(ES256, pair.privateKey, data));
};

export const forget = deleteKey;

/** Tells whether a signature holds; a point off the curve verifies nothing. */
export const verify = async (point, signature, data) => {
  const key = await publicKey(point);
  return key !== null && crypto.subtle.verify(ES256, key, signature, data);
};

const compressed = async (pair) => {
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return Uint8Array.of(2 + (raw.at(-1) & 1), ...raw.subarray(1, 1 + X_BYTES));
};

const imported = new Map(); // the issuer's keys come again with every card

const publicKey = async (point) => {
  const name = point.join();
  if (!imported.has(name)) {
    if (imported.size >= REMEMBERED_MOST) imported.clear();
    const raw = uncompressed(point);
    imported.set(name, raw && crypto.subtle.importKey('raw', raw, CURVE, false, ['verify']));
  }
  return imported.get(name);
};

// WebCrypto need not take compressed points, so y is found here: y² = x³ - 3x + b.
const uncompressed = (point) => {
  const x = toNumber(point.subarray(1));
  const square = modP(x * x * x - 3n * x + B);
  const root = power(square, (P + 1n) / 4n);
  if (x >= P || modP(root * root) !== square) return null;
  const odd = point[0] === 3 ? 1n : 0n;
  const y = (root & 1n) === odd ? root : P - root;
  return Uint8Array.of(4, ...toBytes(x), ...toBytes(y));
};

const modP = (n) => ((n % P) + P) % P;

const power = (base, exponent) => {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
};

const toNumber = (bytes) => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

const toBytes = (number) => {
  const hex = number.toString(16).padStart(2 * X_BYTES, '0');
  return hex.match(/../g).map((pair) => parseInt(pair, 16));
};
