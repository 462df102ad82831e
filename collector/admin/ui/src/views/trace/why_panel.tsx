// Why this trace was kept or dropped: a sentence, then every policy's vote with the value that decided it.

import type { Problem } from '../../api/fetch';
import type { Vote, Why, WhyAnswer } from '../../api/types';
import { formatDuration, formatMoment, plural } from '../../logic/format';
import { formatRoute } from '../../logic/route';
import { visible } from '../../logic/text';
import { Name } from '../../parts/name';
import { Waiting } from '../../parts/notice';

const SENTENCE_MAX = 600;
const STATE: Record<WhyAnswer['state'], { text: string; tone: string }> = {
  undecided: { text: 'undecided', tone: 'warn' }, kept: { text: 'kept', tone: 'good' }, dropped: { text: 'dropped', tone: 'plain' },
  forgotten: { text: 'forgotten', tone: 'plain' }, never_seen: { text: 'never seen', tone: 'plain' },
};
const VOTE: Record<Vote['vote'], { text: string; tone: string }> = {
  sampled: { text: 'keep', tone: 'good' }, not_sampled: { text: 'no', tone: 'plain' }, dropped: { text: 'drop', tone: 'bad' },
  error: { text: 'error', tone: 'bad' }, not_asked: { text: 'not asked', tone: 'plain' },
};

function VoteItem({ vote, decided, traceId }: { vote: Vote; decided: boolean; traceId: string }) {
  const { text, tone } = VOTE[vote.vote] ?? { text: vote.vote, tone: 'plain' };
  return (
    <li class={`vote ${decided ? 'decided' : ''}`}>
      <p class="vote-head"><Name text={vote.policy} strong /><span class={`badge ${tone}`}>{text}</span></p>
      <p class="note">{vote.rule === '' ? <Name text={vote.type} /> : <bdi>{visible(vote.rule, 300)}</bdi>}</p>
      {vote.value !== null && <p class="vote-value">found: <bdi><strong>{visible(vote.value, 200)}</strong></bdi></p>}
      {vote.span_id !== null && (
        <p class="note">in <a href={formatRoute('trace', { span: vote.span_id }, traceId)}>
          {vote.service !== null && <><Name text={vote.service} />: </>}{vote.operation === null ? <code>{vote.span_id}</code> : <Name text={vote.operation} />}</a></p>
      )}
    </li>
  );
}

function Times({ answer }: { answer: WhyAnswer }) {
  const { deadline_unix_ms: deadline, decided_unix_ms: decided } = answer;
  return (
    <dl class="facts">
      {answer.policy !== null && <div><dt>policy</dt><dd><Name text={answer.policy} strong /></dd></div>}
      {answer.early !== null && <div><dt>decided early</dt><dd class="warn-text"><Name text={answer.early} /></dd></div>}
      {decided !== null && <div><dt>decided</dt><dd>{formatMoment(decided)}</dd></div>}
      {answer.state === 'undecided' && deadline !== null && <div><dt>decision due</dt><dd>{formatMoment(deadline)}</dd></div>}
      {answer.remembered !== undefined && <div><dt>it was</dt><dd>{answer.remembered}</dd></div>}
      {answer.spans > 0 && <div><dt>at the decision</dt><dd>{plural(answer.spans, 'span')}, {formatDuration(answer.duration_ms)}</dd></div>}
      {answer.late_spans > 0 && <div><dt>late since</dt><dd>{plural(answer.late_spans, 'span')}</dd></div>}
    </dl>
  );
}

function Answer({ answer, several, traceId }: { answer: WhyAnswer; several: boolean; traceId: string }) {
  const state = STATE[answer.state] ?? { text: answer.state, tone: 'plain' };
  return (
    <div class="why-answer">
      <p class="vote-head">{several ? <Name text={answer.pipeline} strong /> : <span class="label">Decision</span>}<span class={`badge ${state.tone}`}>{state.text}</span></p>
      <Times answer={answer} />
      {answer.votes.length > 0 && (
        <>
          <h3>Votes</h3>
          <ol class="plain votes">{answer.votes.map((vote) => <VoteItem key={vote.policy} vote={vote} decided={vote.policy === answer.policy} traceId={traceId} />)}</ol>
        </>
      )}
    </div>
  );
}

export function WhyPanel({ why, problem }: { why: Why | null; problem: Problem | null }) {
  return (
    <aside class="panel why" aria-labelledby="why-title">
      <h2 id="why-title">Why</h2>
      {why === null ? <Waiting problem={problem} /> : (
        <>
          <p class="why-sentence" role="status"><bdi>{visible(why.sentence, SENTENCE_MAX)}</bdi></p>
          {why.answers.map((answer) => <Answer key={answer.pipeline} answer={answer} several={why.answers.length > 1} traceId={why.id} />)}
        </>
      )}
    </aside>
  );
}
