// A share of a whole as a bar. The number stands beside it in the text, so the bar itself is decoration.

export type Tone = 'calm' | 'good' | 'warn' | 'bad';

// Green ends where somebody should look.
export function toneOf(share: number, warn = 0.7, bad = 0.9): Tone {
  return share >= bad ? 'bad' : share >= warn ? 'warn' : 'calm';
}

export function Meter({ share, tone = 'calm' }: { share: number | null; tone?: Tone }) {
  const width = `${Math.max(0, Math.min(1, share ?? 0)) * 100}%`;
  return <span class={`meter ${tone}`} aria-hidden="true"><span class="meter-fill" style={{ width }} /></span>;
}
