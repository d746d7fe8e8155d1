// What this browser keeps for the app: records and keys, in one IndexedDB database.
// The page (instant card) and the worker (Python) both read it through this module.

const DATABASE = 'kaikukortti';
const VERSION = 1;
export const RECORDS = 'record'; // name → JSON text
export const KEYS = 'key'; // name → CryptoKeyPair that nobody can export

let opened;

export const get = async (name) => {
  const store = await objectStore(RECORDS, 'readonly');
  return answer(store.get(name));
};

/** Writes all or nothing; null deletes. `records` is JSON: [[name, text or null], …]. */
export const putAll = async (records) => {
  const store = await objectStore(RECORDS, 'readwrite');
  for (const [name, text] of JSON.parse(records)) {
    if (text === null) store.delete(name);
    else store.put(text, name);
  }
  await done(store.transaction);
};

/** Every record whose name begins with `prefix`, by name, as JSON: [[name, text], …]. */
export const under = async (prefix) => {
  const store = await objectStore(RECORDS, 'readonly');
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const [names, texts] = await Promise.all([
    answer(store.getAllKeys(range)),
    answer(store.getAll(range)),
  ]);
  return JSON.stringify(names.map((name, at) => [name, texts[at]]));
};

export const getKey = async (name) => answer((await objectStore(KEYS, 'readonly')).get(name));

export const putKey = async (name, pair) => {
  const store = await objectStore(KEYS, 'readwrite');
  store.put(pair, name);
  await done(store.transaction);
};

export const deleteKey = async (name) => {
  const store = await objectStore(KEYS, 'readwrite');
  store.delete(name);
  await done(store.transaction);
};

const objectStore = async (name, mode) => {
  opened ??= open().catch((error) => {
    opened = undefined; // a refused question may be answered otherwise next time
    throw error;
  });
  const database = await opened;
  // strict: the call returns when the disk has it; browsers only promise a buffer otherwise.
  return database.transaction(name, mode, { durability: 'strict' }).objectStore(name);
};

const open = async () => {
  const request = indexedDB.open(DATABASE, VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(RECORDS);
    request.result.createObjectStore(KEYS);
  };
  const database = await answer(request);
  database.onversionchange = () => database.close(); // a newer page must not wait for this one
  database.onclose = () => { opened = undefined; };
  return database;
};

const answer = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const done = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = () => reject(transaction.error ?? new Error('the transaction was aborted'));
});
