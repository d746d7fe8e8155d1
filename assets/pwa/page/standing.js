// Where the kept card stands at a moment, as mobile_app/card/standing.py judges it: can it be
// shown, and if not, why. Held together by the same vectors (tests/assets/pwa).

const SURE_FOR_S = 86_400; // as mobile_app/device/clock.py, and the next one
const SURE_WITHIN_S = 5;

/**
 * Gives the name of the gravest hindrance, or null. `held` is the record that the app keeps.
 * A card is not called over, or not yet valid, by a clock that cannot be believed: that is 'clock'.
 */
export const hindranceOf = (held, now, clockBelieved) => {
  const { facts, trouble } = held;
  if (trouble === 'key_changed') return 'moved';
  const closed = trouble === 'card_blocked' || trouble === 'unknown_key';
  if (closed || facts.state === 'blocked') return 'blocked';
  if (trouble === 'card_expired' || facts.state === 'expired') return 'expired';
  const today = dayInHelsinki(now);
  if (today > facts.last_valid_on) return clockBelieved ? 'expired' : 'clock';
  if (today < facts.first_valid_on || now < new Date(held.from_at)) {
    return clockBelieved || facts.state === 'not_yet_valid' ? 'not_yet_valid' : 'clock';
  }
  if (now >= new Date(held.until_at)) return 'run_out';
  return null;
};

/** Tells whether the device's clock may be believed at a start; `clock` is the app's record of it. */
export const isLikely = (clock, deviceS) => clock?.heard_s !== undefined
  && clock.seen_s - SURE_WITHIN_S <= deviceS && deviceS <= clock.heard_s + SURE_FOR_S;

/** A calendar day as 2026-11-22: days of one width compare as text. */
const dayInHelsinki = (now) => new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Helsinki', year: 'numeric', month: '2-digit', day: '2-digit',
}).format(now);
