/* SHA-256: of a chunk by the browser itself, of a whole file piece by piece, so that it need not fit in memory. */
const K = new Uint32Array(64), START = new Uint32Array(8);
(function primes() {
  const fraction = (root) => Math.floor((root - Math.floor(root)) * 4294967296);
  for (let number = 2, found = 0; found < 64; number++) {
    let prime = true;
    for (let factor = 2; factor * factor <= number; factor++) { if (number % factor === 0) { prime = false; break; } }
    if (prime) {
      if (found < 8) { START[found] = fraction(Math.sqrt(number)); }
      K[found++] = fraction(Math.cbrt(number));
    }
  }
})();

export const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

export async function sha256(buffer) { return hex(await crypto.subtle.digest("SHA-256", buffer)); }

/** The hash of a file that is given piece by piece with add(). */
export class Whole {
  constructor() {
    this.state = START.slice();
    this.rest = new Uint8Array(64);
    this.kept = 0;
    this.length = 0;
    this.words = new Uint32Array(64);
  }

  add(buffer) {
    const bytes = new Uint8Array(buffer);
    this.length += bytes.length;
    let at = 0;
    if (this.kept) {
      at = Math.min(64 - this.kept, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.kept);
      this.kept += at;
      if (this.kept < 64) { return; }
      this.block(this.rest, 0);
      this.kept = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) { this.block(bytes, at); }
    this.rest.set(bytes.subarray(at));
    this.kept = bytes.length - at;
  }

  hexdigest() {
    const bits = this.length * 8, tail = new Uint8Array(this.kept < 56 ? 64 : 128);
    tail.set(this.rest.subarray(0, this.kept));
    tail[this.kept] = 0x80;
    const view = new DataView(tail.buffer);
    view.setUint32(tail.length - 8, Math.floor(bits / 4294967296));
    view.setUint32(tail.length - 4, bits >>> 0);
    for (let at = 0; at < tail.length; at += 64) { this.block(tail, at); }
    return Array.from(this.state, (word) => word.toString(16).padStart(8, "0")).join("");
  }

  block(bytes, at) {
    const w = this.words, s = this.state;
    for (let i = 0; i < 16; i++, at += 4) { w[i] = bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3]; }
    for (let i = 16; i < 64; i++) {
      const a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + ((a >>> 7 | a << 25) ^ (a >>> 18 | a << 14) ^ a >>> 3) + ((b >>> 17 | b << 15) ^ (b >>> 19 | b << 13) ^ b >>> 10);
    }
    let [a, b, c, d, e, f, g, i] = s;
    for (let n = 0; n < 64; n++) {
      const first = i + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[n] + w[n] | 0;
      const second = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
      i = g; g = f; f = e; e = d + first | 0; d = c; c = b; b = a; a = first + second | 0;
    }
    [a, b, c, d, e, f, g, i].forEach((word, n) => { s[n] += word; });
  }
}
