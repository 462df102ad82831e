// The frame of the page: who is shown, where to go, what is wrong, and the view of the moment.

import { useEffect, useRef } from 'preact/hooks';
import { formatRoute, type Route, type View } from './logic/route';
import { Banners } from './parts/banners';
import { DaemonState } from './parts/daemon_state';
import { ThemeButton } from './parts/theme';
import { useRoute } from './parts/use_route';
import { BackendsView } from './views/backends/backends_view';
import { ConfigView } from './views/config/config_view';
import { FlowView } from './views/flow/flow_view';
import { ImpactView } from './views/impact/impact_view';
import { PoliciesView } from './views/policies/policies_view';
import { TraceView } from './views/trace/trace_view';
import { TracesView } from './views/traces/traces_view';

const NAVIGATION: readonly { view: View; label: string }[] = [
  { view: 'flow', label: 'Flow' },
  { view: 'traces', label: 'Traces' },
  { view: 'impact', label: 'Impact' },
  { view: 'policies', label: 'Policies' },
  { view: 'backends', label: 'Backends' },
  { view: 'config', label: 'Config' },
];

function CurrentView({ view, id, params }: Route) {
  switch (view) {
    case 'flow': return <FlowView />;
    case 'traces': return <TracesView params={params} />;
    case 'trace': return <TraceView key={id} id={id} params={params} />;
    case 'impact': return <ImpactView params={params} />;
    case 'policies': return <PoliciesView />;
    case 'backends': return <BackendsView />;
    case 'config': return <ConfigView />;
  }
}

export function App() {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(`${route.view}/${route.id}`);
  const here = route.view === 'trace' ? 'traces' : route.view;
  const label = route.view === 'trace' ? 'Trace' : NAVIGATION.find((entry) => entry.view === route.view)?.label ?? '';

  // A change of view is a new page to whoever listens or uses the keyboard; a change of filter is not.
  useEffect(() => {
    document.title = `${label} · Tailrace`;
    const now = `${route.view}/${route.id}`;
    if (shown.current === now) return;
    shown.current = now;
    scrollTo(0, 0);
    main.current?.focus();
  }, [route.view, route.id, label]);

  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>Skip to the content</a>
      <header class="top">
        <a class="brand" href={formatRoute('flow')}>
          <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true"><rect width="16" height="16" rx="4" /><path d="M3 5h10M5 8h6M7 11h3" /></svg>
          Tailrace
        </a>
        <nav aria-label="Views">
          {NAVIGATION.map(({ view, label: text }) => (
            <a key={view} href={formatRoute(view)} aria-current={view === here ? 'page' : undefined}>{text}</a>
          ))}
        </nav>
        <DaemonState />
        <ThemeButton />
      </header>
      <Banners />
      <main ref={main} id="main" tabIndex={-1}><CurrentView {...route} /></main>
    </>
  );
}
