// Where the kept card stands at a moment, as mobile_app/card/standing.py judges it: can it be
// shown, and if not, why. Held together by the same vectors (tests/pwa).

/** Gives the name of the gravest hindrance, or null. `held` is the record that the app keeps. */
export const hindranceOf = (held, now) => {
  const today = dayInHelsinki(now);
  if (held.trouble === 'key_changed') return 'moved';
  if (held.trouble === 'card_blocked' || held.facts.state === 'blocked') return 'blocked';
  if (held.trouble === 'card_expired' || today > held.facts.last_valid_on) return 'expired';
  if (today < held.facts.first_valid_on || now < new Date(held.from_at)) return 'not_yet_valid';
  if (now >= new Date(held.until_at)) return 'run_out';
  return null;
};

/** A calendar day as 2026-11-22: days of one width compare as text. */
const dayInHelsinki = (now) => new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Helsinki', year: 'numeric', month: '2-digit', day: '2-digit',
}).format(now);
