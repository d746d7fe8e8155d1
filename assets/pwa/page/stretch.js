// A slow hash for the lock's PIN: PBKDF2 with HMAC-SHA-256, 32 bytes.

export const stretch = async (secret, salt, rounds) => {
  const name = 'PBKDF2';
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), name, false, ['deriveBits']);
  return new Uint8Array(await crypto.subtle.deriveBits({ name, hash: 'SHA-256', salt, iterations: rounds }, key, 256));
};
