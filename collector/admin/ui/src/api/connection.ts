// Whether the last answer of the visible view came. One line at the top of the page shows it.

import type { Problem } from './fetch';
import { Store } from './store';

export const connection = new Store<Problem | null>(null);
