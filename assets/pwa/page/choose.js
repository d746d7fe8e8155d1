// Lets the holder choose a photo. The file goes to the worker as it is: nothing reads it on the way,
// where Flet's own picker would carry every byte through Flutter, a microsecond each.

/** Sends the chosen file through `port`, or null. */
export const choosePhoto = (port) => {
  const input = document.createElement('input');
  Object.assign(input, { type: 'file', accept: 'image/*', hidden: true });
  const answer = (file) => {
    input.remove();
    port.postMessage(file);
  };
  input.addEventListener('change', () => answer(input.files[0] ?? null), { once: true });
  input.addEventListener('cancel', () => answer(null), { once: true });
  document.body.append(input); // Safari opens no chooser of a field that stands nowhere
  input.click();
};
