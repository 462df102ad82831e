// Where the daemon listens for OTLP, out of the configuration in force, so that the first steps show addresses that work.

export type Endpoints = { grpc: string | null; http: string | null };

// An address that listens everywhere is reached under the name the page came from.
function reachable(endpoint: string, pageHost: string): string {
  const match = /^(.*):(\d+)$/.exec(endpoint);
  if (match === null) return endpoint;
  const [, host = '', port = ''] = match;
  return ['', '0.0.0.0', '[::]', '::'].includes(host) ? `${pageHost}:${port}` : endpoint;
}

// Reads the daemon's own YAML, block style and indented by spaces; no YAML at large.
export function readEndpoints(yaml: string, pageHost: string): Endpoints {
  const found: Endpoints = { grpc: null, http: null };
  let path: { indent: number; key: string }[] = [];
  for (const line of yaml.split('\n')) {
    const match = /^( *)([^\s#][^:]*):(?: +(.*))?$/.exec(line);
    if (match === null) continue;
    const indent = (match[1] ?? '').length;
    const key = (match[2] ?? '').replace(/^["']|["']$/g, '');
    const value = (match[3] ?? '').replace(/^["']|["']$/g, '');
    path = [...path.filter((step) => step.indent < indent), { indent, key }];
    const [top, receiver, protocols, transport, leaf] = path.map((step) => step.key);
    if (top !== 'receivers' || !receiver?.startsWith('otlp') || protocols !== 'protocols' || leaf !== 'endpoint' || value === '') continue;
    if (transport === 'grpc') found.grpc ??= reachable(value, pageHost);
    if (transport === 'http') found.http ??= reachable(value, pageHost);
  }
  return found;
}
