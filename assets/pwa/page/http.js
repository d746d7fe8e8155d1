// Requests to our own server, for Python in the worker.

const WITHIN_MS = 10_000;
const MOST_BYTES = 4 << 20; // a thousand times what any answer of ours is

/** Gives { status, content }, or nothing when there was no whole answer in time. */
export const send = async (method, url, content, headers) => {
  try {
    const answer = await fetch(url, {
      method,
      body: content,
      headers: JSON.parse(headers),
      signal: AbortSignal.timeout(WITHIN_MS),
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
    });
    return { status: answer.status, content: await bounded(answer.body) };
  } catch (error) {
    console.info('no answer from the server:', error.message);
    return undefined;
  }
};

const bounded = async (body) => {
  const parts = [];
  let length = 0;
  for (let reader = body?.getReader(), part; reader && !(part = await reader.read()).done;) {
    length += part.value.length;
    if (length > MOST_BYTES) {
      await reader.cancel();
      throw new RangeError('an endless answer');
    }
    parts.push(part.value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
};
