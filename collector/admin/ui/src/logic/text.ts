// Text from outside made safe to look at. The page never reads it as HTML; here it is also kept from posing as something
// else: control characters and marks that turn the direction of writing become visible, and length is cut.

const NAME_MAX = 160;
const CONTROL = /[\u0000-\u001f\u007f]/g;
// What reorders, hides or joins text without showing itself.
const INVISIBLE = /[\u0080-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

function picture(character: string): string {
  const code = character.charCodeAt(0);
  return code === 0x7f ? '\u2421' : String.fromCharCode(0x2400 + code);
}

function named(character: string): string {
  return `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

// Cut between characters, never inside a surrogate pair.
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  return `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max)}…`;
}

// One line, for names.
export function visible(text: string, max = NAME_MAX): string {
  const shown = cut(text, max).replace(CONTROL, picture).replace(INVISIBLE, named);
  return shown === '' ? '(empty)' : shown;
}

// Several lines, for values: line ends and tabs stay.
export function visibleLines(text: string, max: number): string {
  return cut(text, max).replace(/\r\n/g, '\n').replace(CONTROL, (c) => (c === '\n' || c === '\t' ? c : picture(c))).replace(INVISIBLE, named);
}
