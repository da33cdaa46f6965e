// The few things the page does with elements. Text goes in as text: names of apps are anybody's.

type Attributes = Readonly<Record<string, string>>;

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

export function drawing(attributes: Attributes, ...children: readonly SVGElement[]): SVGElement {
  return shape('svg', { 'aria-hidden': 'true', focusable: 'false', ...attributes }, ...children);
}

export function shape(name: string, attributes: Attributes, ...children: readonly SVGElement[]): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** An element that the document has. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the document has no #${id}`);
  return found;
}

/** Changes a text only where it differs: what reads the page aloud need not hear of it. */
export function setText(of: Element, text: string): void {
  if (of.textContent !== text) of.textContent = text;
}
