/* Prompts are spoken in Chinese by the browser; the text is always there too. */
import * as store from "./store.js";
let muted = false, language = "zh-CN";

export async function init(tag) {
  muted = await store.kept("muted", false);
  language = tag === "zh" ? "zh-CN" : tag;
}

export const isMuted = () => muted;
export async function setMuted(given) {
  muted = given;
  if (muted && window.speechSynthesis) { speechSynthesis.cancel(); }
  await store.keep("muted", muted);
}

/** Speaks a prompt; false where the browser cannot, or the officer muted it (unless it is asked for). */
export function speak(text, asked = false) {
  if (!window.speechSynthesis || (muted && !asked)) { return false; }
  const spoken = new SpeechSynthesisUtterance(text);
  spoken.lang = language;
  const voice = speechSynthesis.getVoices().find((one) => one.lang.toLowerCase().startsWith(language.slice(0, 2)));
  if (voice) { spoken.voice = voice; }
  speechSynthesis.cancel();
  speechSynthesis.speak(spoken);
  return true;
}
