"use strict";
// Reads base 85 in the characters that pipeline/report/page/plotly_bundle.py writes: five of them for every four bytes.
ronghe.fromBase85 = (text) => {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%:()*+-;,=.?@^_`{|}~";
  const digits = new Uint8Array(128);
  [...alphabet].forEach((character, digit) => { digits[character.charCodeAt(0)] = digit; });
  const lacking = (5 - (text.length % 5)) % 5; // the last group may be short: it is filled up, and its bytes cut off
  const padded = text + alphabet[84].repeat(lacking);
  const bytes = new Uint8Array((padded.length / 5) * 4);
  const view = new DataView(bytes.buffer);
  for (let place = 0, at = 0; place < padded.length; place += 5, at += 4) {
    let number = 0;
    for (let step = 0; step < 5; step += 1) number = number * 85 + digits[padded.charCodeAt(place + step)];
    view.setUint32(at, number);
  }
  return bytes.subarray(0, bytes.length - lacking);
};
