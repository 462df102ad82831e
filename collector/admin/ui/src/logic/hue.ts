// A service's colour, one of twelve. It hangs on the name (FNV-1a), so that it is the same after a reload; where that colour has
// been given away already and another is free, the service takes the next one, so that a trace's services can be told apart.

export const HUES = 12;
const NAMES_MAX = 1000;

function hash(name: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < Math.min(name.length, 256); i += 1) value = Math.imul(value ^ name.charCodeAt(i), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}

export class Hues {
  private readonly given = new Map<string, number>();
  private readonly taken = new Set<number>();

  of(name: string): number {
    const known = this.given.get(name);
    if (known !== undefined) return known;
    const wanted = hash(name) % HUES;
    if (this.given.size >= NAMES_MAX) return wanted;
    let hue = wanted;
    while (this.taken.has(hue) && this.taken.size < HUES) hue = (hue + 1) % HUES;
    this.taken.add(hue);
    this.given.set(name, hue);
    return hue;
  }
}

const hues = new Hues();

// For the whole page, so that a service has its colour in every view.
export function hueOf(service: string): number {
  return hues.of(service);
}
