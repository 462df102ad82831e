import type { Receiver } from '../../api/types';
import { formatCount, formatRate } from '../../logic/format';
import type { ReceiverRates } from '../../logic/rates';
import { ifAny, Stage } from './stage';

export function ReceiverStage({ receiver, rates }: { receiver: Receiver; rates: ReceiverRates | null }) {
  const refused = receiver.transports.reduce((sum, t) => sum + t.refused_spans, 0);
  const failed = receiver.transports.reduce((sum, t) => sum + t.failed_spans, 0);
  const badRequests = receiver.transports.reduce((sum, t) => sum + t.requests_failed, 0);
  return (
    <Stage kind="Receiver" name={receiver.id} facts={[
      ...receiver.transports.map((t) => ({
        label: t.transport, value: formatRate(rates?.transports.find((r) => r.transport === t.transport)?.accepted ?? null),
        hint: `${formatCount(t.accepted_spans)} spans accepted since start`,
      })),
      ...ifAny('refused', refused, `${formatCount(refused)} spans`, 'warn-text', 'No room: the sender was told to come again'),
      ...ifAny('failed', failed, `${formatCount(failed)} spans`, 'bad-text'),
      ...ifAny('bad requests', badRequests, formatCount(badRequests), 'warn-text'),
    ]} />
  );
}
