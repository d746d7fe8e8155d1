// The presentation of K1 §4, as shared/token/presentation.py writes it: the same bytes, proven by
// the same vectors (tests/pwa). Only this one object: everything else is written in Python.

const ES256_AND_KCWT = [0xa3, 0x01, 0x26, 0x0d]; // {1: -7, 13: the credential follows,
const TYP_294 = [0x10, 0x19, 0x01, 0x26]; //          16: 294}
const AUD_K1_IAT = [0xa2, 0x03, 0x62, 0x4b, 0x31, 0x06]; // {3: "K1", 6: the time follows}
const SIGNATURE1 = [0x84, 0x6a, ...new TextEncoder().encode('Signature1')];
const SIGN1 = [0xd2, 0x84]; // tag 18, an array of four
const EMPTY_MAP = 0xa0;
const EMPTY_BYTES = 0x40;
const BYTE_STRING = 2;
const UNSIGNED = 0;

const SIGNATURE_BYTES = 64;
const TEXT_PREFIX = 'K1:';
const TEXT_MOST = 395;
const FIRST_S = 1_600_000_000; // the times that K1 §2.4 allows
const LAST_S = 4_294_967_295;
const BASE45 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** Drafts a presentation of a mobile credential (its bytes, tag 18 included). */
export const draftPresentation = (credential, shownAtS) => {
  if (credential[0] !== SIGN1[0] || credential[1] !== SIGN1[1]) throw new TypeError('no credential');
  if (!(Number.isInteger(shownAtS) && shownAtS >= FIRST_S && shownAtS <= LAST_S)) {
    throw new RangeError('time out of range');
  }
  const header = bytes(ES256_AND_KCWT, credential, TYP_294);
  const payload = bytes(AUD_K1_IAT, head(UNSIGNED, shownAtS));
  return {
    toSign: bytes(SIGNATURE1, string(header), [EMPTY_BYTES], string(payload)),
    seal: (signature) => {
      if (signature.length !== SIGNATURE_BYTES) throw new TypeError('r and s, 32 bytes each');
      return bytes(SIGN1, string(header), [EMPTY_MAP], string(payload), string(signature));
    },
  };
};

/** Writes token bytes as the text of a QR code. */
export const writeText = (raw) => {
  const text = TEXT_PREFIX + base45(raw);
  if (text.length > TEXT_MOST) throw new RangeError('too long for any reader');
  return text;
};

export const base45 = (raw) => {
  let text = '';
  for (let at = 0; at < raw.length; at += 2) {
    const pair = at + 1 < raw.length;
    const number = pair ? raw[at] * 256 + raw[at + 1] : raw[at];
    text += BASE45[number % 45] + BASE45[Math.floor(number / 45) % 45];
    if (pair) text += BASE45[Math.floor(number / 2025)];
  }
  return text;
};

export const fromBase64url = (text) => {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
};

const string = (content) => bytes(head(BYTE_STRING, content.length), content);

const head = (major, argument) => {
  const first = major << 5;
  if (argument < 24) return [first | argument];
  if (argument < 1 << 8) return [first | 24, argument];
  if (argument < 1 << 16) return [first | 25, argument >> 8, argument & 255];
  return [first | 26, argument >>> 24, (argument >>> 16) & 255, (argument >>> 8) & 255, argument & 255];
};

const bytes = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
