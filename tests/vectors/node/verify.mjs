// Reads [{cose, point, inner?}] as JSON from the standard input and writes [true | false, ...].
// `cose` is hex, `point` a compressed P-256 point as hex; `inner` is the issuer's point when the
// protected header carries a credential under label 13 that must be good, too.
import { ECDH } from "node:crypto";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { importJWK } from "jose";

// Node 18 cannot load the library's ES modules: they import names from a CommonJS package.
const { Sign1 } = createRequire(import.meta.url)("@auth0/cose");

const KCWT = 13;

async function publicKey(compressed) {
  const hex = ECDH.convertKey(compressed, "prime256v1", "hex", "hex", "uncompressed");
  const point = Buffer.from(hex, "hex");
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString("base64url"));
  return importJWK({ kty: "EC", crv: "P-256", x, y, alg: "ES256" }, "ES256");
}

async function isGood({ cose, point, inner }) {
  const message = Sign1.decode(Buffer.from(cose, "hex"));
  try {
    await message.verify(await publicKey(point));
    if (inner) await message.protectedHeaders.get(KCWT).verify(await publicKey(inner));
    return true;
  } catch (error) {
    if (error.code !== "ERR_COSE_SIGNATURE_VERIFICATION_FAILED") console.error(error);
    return false;
  }
}

const asked = JSON.parse(await text(process.stdin));
console.log(JSON.stringify(await Promise.all(asked.map(isGood))));
