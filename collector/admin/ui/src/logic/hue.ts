// A service's colour, one of twelve, by its name (FNV-1a).

export const HUES = 12;

export function hueOf(service: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < Math.min(service.length, 256); i += 1) hash = Math.imul(hash ^ service.charCodeAt(i), 0x01000193);
  return ((hash >>> 0) ^ (hash >>> 15)) % HUES >>> 0;
}
