// What the address says after its `#`: a view, sometimes a trace's id, and the view's filters. Every state worth a link is there,
// so that the back button and a bookmark work.

export const VIEWS = ['flow', 'traces', 'trace', 'impact', 'policies', 'backends', 'config'] as const;
export type View = (typeof VIEWS)[number];
export type Params = Readonly<Record<string, string>>;
export type Route = { view: View; id: string; params: Params };

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s);
  const [name = '', id = ''] = path.split('/');
  const view = VIEWS.find((known) => known === name) ?? 'flow';
  return { view, id: decoded(id), params: Object.fromEntries(new URLSearchParams(query)) };
}

// Empty parameters are left out, so that equal states have equal addresses.
export function formatQuery(params: Params): string {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== '')).toString();
  return query === '' ? '' : `?${query}`;
}

export function formatRoute(view: View, params: Params = {}, id = ''): string {
  return `#/${view}${id === '' ? '' : `/${encodeURIComponent(id)}`}${formatQuery(params)}`;
}
