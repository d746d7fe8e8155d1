// One tab has the app at a time: two would each hold the card and the waiting visits in memory, and
// one would go on after the other has signed out.

const LOCK = 'kaikukortti';
const SOON_MS = 1500; // a tab that is being closed or loaded anew lets go within this

/**
 * Resolves when this tab has the app. `wait(take)` is called when another tab has it; `take` takes it
 * from there, and so does `atOnce`. `stop` is called when another tab took it from here.
 */
export const myTurn = ({ wait, stop, atOnce }) => new Promise((resolve) => {
  if (!navigator.locks) {
    resolve();
    return;
  }
  const hold = () => {
    resolve();
    return new Promise(() => {}); // until the page goes, or another tab takes it
  };
  const take = () => navigator.locks.request(LOCK, { steal: true }, hold).catch(stop);
  if (atOnce) {
    take();
    return;
  }
  let mine = false;
  navigator.locks.request(LOCK, { signal: AbortSignal.timeout(SOON_MS) }, () => {
    mine = true;
    return hold();
  }).catch(() => (mine ? stop() : wait(take)));
});
