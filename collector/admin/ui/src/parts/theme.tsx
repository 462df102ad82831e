// Dark, light, or as the system has it. The choice is kept in this browser.

import { Store, useStore } from '../api/store';

export type Theme = 'auto' | 'light' | 'dark';
const KEY = 'tailrace-theme';
const ORDER: readonly Theme[] = ['auto', 'light', 'dark'];

// Storage may be forbidden; then the choice lasts as long as the page.
function stored(): Theme {
  try {
    return ORDER.find((known) => known === localStorage.getItem(KEY)) ?? 'auto';
  } catch {
    return 'auto';
  }
}

export const theme = new Store<Theme>(stored());

export function applyTheme(chosen: Theme): void {
  if (chosen === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

function choose(chosen: Theme): void {
  applyTheme(chosen);
  try {
    localStorage.setItem(KEY, chosen);
  } catch { /* see stored() */ }
  theme.set(chosen);
}

const SIGN: Record<Theme, string> = { auto: '◐', light: '☀', dark: '☾' };

export function ThemeButton() {
  const chosen = useStore(theme);
  const next = ORDER[(ORDER.indexOf(chosen) + 1) % ORDER.length] ?? 'auto';
  return (
    <button type="button" class="quiet icon" onClick={() => choose(next)} aria-label={`Colours: ${chosen}. Change to ${next}`} title={`Colours: ${chosen}`}>
      <span aria-hidden="true">{SIGN[chosen]}</span>
    </button>
  );
}
