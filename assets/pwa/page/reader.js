// Codes in a picture, by zxing; loaded when the camera is first used.

import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const READ_SIDE = 2000; // pixels along the longer side: a card in a photo is still readable, and fast
const OPTIONS = { formats: ['QRCode', 'Code39'], tryHarder: true, maxNumberOfSymbols: 4 };

prepareZXingModule({
  overrides: { locateFile: () => new URL('./zxing_reader.wasm', import.meta.url).href },
});

/** Gives JSON: [[bytes, is it made of stripes], …]; nothing when this is no picture. */
export const readPicture = async (picture) => {
  const pixels = await unpack(picture).catch(() => undefined);
  if (!pixels) return undefined;
  const found = await readBarcodes(pixels, OPTIONS);
  return JSON.stringify(
    found.filter((code) => code.isValid).map((code) => [[...code.bytes], code.format !== 'QRCode']),
  );
};

const unpack = async (picture) => {
  const bitmap = await createImageBitmap(new Blob([picture]));
  const scale = Math.min(1, READ_SIDE / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const paper = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  paper.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return paper.getImageData(0, 0, width, height);
};
