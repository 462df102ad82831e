// A service with its colour. It is the same in every view.

import { hueOf } from '../logic/hue';
import { Name } from './name';

export function ServiceTag({ service }: { service: string }) {
  return <span class={`service hue-${hueOf(service)}`}><span class="service-dot" aria-hidden="true" /><Name text={service} /></span>;
}
