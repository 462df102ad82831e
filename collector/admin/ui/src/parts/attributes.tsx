// Keys and values. A long value is cut; the rest comes when asked for, up to what a browser can lay out.

import { useState } from 'preact/hooks';
import { formatBytes } from '../logic/format';
import type { Attribute } from '../logic/spans';
import { visibleLines } from '../logic/text';
import { Name } from './name';

const SHORT = 300;
const LONG = 65_536;
const LISTED_MAX = 200;

function Value({ value }: { value: string }) {
  const [whole, setWhole] = useState(false);
  return (
    <>
      <bdi class="value">{visibleLines(value, whole ? LONG : SHORT)}</bdi>
      {value.length > SHORT && !whole && <button type="button" class="quiet" onClick={() => setWhole(true)}>
        Show {value.length > LONG ? `the first ${formatBytes(LONG)} of ${formatBytes(value.length)}` : `all ${formatBytes(value.length)}`}</button>}
    </>
  );
}

export function Attributes({ attributes, none = '' }: { attributes: readonly Attribute[]; none?: string }) {
  if (attributes.length === 0) return none === '' ? null : <p class="note">{none}</p>;
  return (
    <>
      <table class="attributes">
        <tbody>{attributes.slice(0, LISTED_MAX).map(({ key, value }, i) => (
          <tr key={i}><th scope="row"><Name text={key} /></th><td><Value key={value} value={value} /></td></tr>
        ))}</tbody>
      </table>
      {attributes.length > LISTED_MAX && <p class="note">and {attributes.length - LISTED_MAX} more</p>}
    </>
  );
}
