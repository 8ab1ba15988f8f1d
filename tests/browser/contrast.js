// Texts whose contrast with their ground is below WCAG 2.1 AA (4.5:1; 3:1 for large text), as "ratio tag text".
() => {
  const light = (c) => c.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0) + 0.05;
  const parse = (text) => { const found = text.match(/[\d.]+/g).map(Number); return found.length < 4 ? [...found, 1] : found; };
  const over = (ground, c, part) => ground.map((v, i) => v * (1 - part) + c[i] * part);
  const groundOf = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one), colour = parse(style.backgroundColor);
      if (style.backgroundImage.includes("gradient")) { return null; }
      if (colour[3] > 0) { layers.push(colour); }
      if (colour[3] >= 1) { break; }
    }
    return layers.reverse().reduce((ground, c) => over(ground, c, c[3]), [255, 255, 255]);
  };
  const poor = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
    const style = getComputedStyle(element);
    if (!text || !element.getClientRects().length || element.closest(".visually-hidden, svg, script")) { continue; }
    const ground = groundOf(element);
    if (!ground) { continue; }
    let seen = 1;
    for (let one = element; one; one = one.parentElement) { seen *= parseFloat(getComputedStyle(one).opacity); }
    const colour = parse(style.color), both = [light(over(ground, colour, colour[3] * seen)), light(ground)];
    const ratio = Math.max(...both) / Math.min(...both), size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) { poor.add(`${ratio.toFixed(2)} ${element.tagName} ${text.slice(0, 20)}`); }
  }
  return [...poor];
}
