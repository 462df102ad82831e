// The route as state: follows the address.

import { useEffect, useState } from 'preact/hooks';
import { formatRoute, parseRoute, type Params, type Route, type View } from '../logic/route';

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => setHash(location.hash);
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return parseRoute(hash);
}

export function goTo(view: View, params: Params = {}, id = ''): void {
  location.hash = formatRoute(view, params, id);
}
