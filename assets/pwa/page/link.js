// A code that came by link leaves the address and the history before anything else is loaded.
// The app takes it out of the preferences and deletes it there (mobile_app/device/links.py).

const CODE = /^[0-9A-Za-z-]{12,20}$/;
const PLACE = /\/(activate|pair)\/?$/;

export const takeLinkCode = () => {
  const code = decodeURIComponent(location.hash.slice(1));
  if (!code) return;
  history.replaceState(null, '', location.pathname + location.search);
  if (CODE.test(code) && PLACE.test(location.pathname)) {
    localStorage.setItem('flutter.kaiku.link_code', JSON.stringify(code));
  }
};
