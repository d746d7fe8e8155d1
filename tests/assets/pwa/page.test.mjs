// Run by test_page.py: the page's JavaScript against what the Python code wrote into VECTORS.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';

globalThis.crypto ??= webcrypto;
const PAGE = '../../../assets/pwa/page';
const { verify } = await import(`${PAGE}/keys.js`);
const { hindranceOf, isLikely } = await import(`${PAGE}/standing.js`);
const { base45, draftPresentation, fromBase64url, writeText } = await import(`${PAGE}/token.js`);

const vectors = JSON.parse(readFileSync(process.env.VECTORS, 'utf8'));
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (content) => Buffer.from(content).toString('hex');

for (const one of vectors.presentations) {
  test(`presentation at ${one.at_s} of ${one.credential.length} characters`, async () => {
    const draft = draftPresentation(fromBase64url(one.credential), one.at_s);
    assert.equal(hex(draft.toSign), one.to_sign);
    const sealed = draft.seal(bytes(one.signature));
    assert.equal(hex(sealed), one.sealed);
    assert.equal(writeText(sealed), one.text);
    assert.equal(await verify(bytes(one.point), bytes(one.signature), draft.toSign), true);
    assert.equal(await verify(bytes(one.point), bytes(one.signature), draft.toSign.subarray(1)), false);
  });
}

for (const one of vectors.points) {
  test(`point ${one.point.slice(0, 8)} ${one.holds ? 'verifies' : 'verifies nothing'}`, async () => {
    assert.equal(await verify(bytes(one.point), bytes(one.signature), bytes(one.signed)), one.holds);
  });
}

for (const one of vectors.base45) {
  test(`base45 of ${one.raw || 'nothing'}`, () => assert.equal(base45(bytes(one.raw)), one.text));
}

for (const one of vectors.standings) {
  test(`standing: ${one.name}`, () => {
    assert.equal(hindranceOf(one.held, new Date(one.now), one.believed), one.hindrance);
  });
}

for (const one of vectors.clocks) {
  test(`clock: ${one.name}`, () => {
    assert.equal(isLikely(one.record ?? undefined, one.device_s), one.likely);
  });
}

test('nothing is drafted out of what is no credential, or at no time', () => {
  assert.throws(() => draftPresentation(new Uint8Array([1, 2, 3]), 1_800_000_000));
  assert.throws(() => draftPresentation(fromBase64url(vectors.presentations[0].credential), 1.5));
  assert.throws(() => draftPresentation(fromBase64url(vectors.presentations[0].credential), 0));
});
