// When may the instant card go? Flutter tells that it laid out a view, not that it drew the picture
// in it, and a busy phone takes its time. So its canvas is looked at: pure black is the QR's alone
// (the app's ink is not black), and there is a lot of it.

const LOOK_EVERY_MS = 60;
const AT_MOST_MS = 6000; // a canvas that cannot be looked at must not keep the app away
const BLACK_SHARE = 0.04; // the QR's modules alone are about a tenth of a phone's screen
const STEP = 3; // every third pixel of every third line is enough

/** Waits until Flutter shows a QR code. */
export const flutterShowsCode = async () => {
  const until = performance.now() + AT_MOST_MS;
  while (performance.now() < until && !(blackShare() >= BLACK_SHARE)) {
    await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS); });
  }
};

const blackShare = () => {
  const drawn = document.querySelector('flt-glass-pane')?.shadowRoot?.querySelector('canvas')
    ?? document.querySelector('flutter-view canvas');
  if (!drawn?.width) return 0;
  const [width, height] = [drawn.width, drawn.height].map((side) => Math.ceil(side / STEP));
  const paper = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  paper.imageSmoothingEnabled = false;
  paper.drawImage(drawn, 0, 0, width, height);
  const { data } = paper.getImageData(0, 0, width, height);
  let black = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] + data[at + 1] + data[at + 2] === 0 && data[at + 3] === 255) black += 1;
  }
  return black / (width * height);
};
