// The page comes out of the daemon's binary. An answer of another version than the first one means that the daemon was
// replaced under an open page: the page may then misread it and says so.

import { Store } from './store';

let first: string | null = null;

// The version the daemon has changed to, or null while it is the page's own.
export const otherVersion = new Store<string | null>(null);

export function noteVersion(version: string | null): void {
  if (version === null) return;
  first ??= version;
  otherVersion.set(version === first ? null : version);
}
