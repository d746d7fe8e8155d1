// Photos to keep, made small; loaded when the first one is chosen.

const HOPELESS = 3; // the lowest quality makes a third of the highest's bytes

/** Gives a JPEG that is small enough; nothing when this is no picture. `wanted` is JSON. */
export const shrinkPhoto = async (photo, wanted) => {
  const { most, sides, qualities } = JSON.parse(wanted);
  const bitmap = await createImageBitmap(photo).catch(() => undefined);
  if (!bitmap) return undefined;
  try {
    for (const side of sides) {
      const canvas = drawn(bitmap, side);
      for (const quality of qualities) {
        const packed = await canvas.convertToBlob({ type: 'image/jpeg', quality: quality / 100 });
        if (packed.size <= most) return new Uint8Array(await packed.arrayBuffer());
        if (packed.size > HOPELESS * most) break;
      }
    }
    return undefined;
  } finally {
    bitmap.close(); // or tens of megabytes wait for a collection
  }
};

const drawn = (bitmap, side) => {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [bitmap.width, bitmap.height].map((long) => Math.max(1, Math.round(long * scale)));
  const canvas = new OffscreenCanvas(width, height);
  const paper = canvas.getContext('2d');
  paper.imageSmoothingQuality = 'medium';
  paper.fillStyle = 'white'; // what is clear would come out black
  paper.fillRect(0, 0, width, height);
  paper.drawImage(bitmap, 0, 0, width, height);
  return canvas;
};
