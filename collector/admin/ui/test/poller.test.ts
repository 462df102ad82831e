import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Answer } from '../src/api/fetch';
import { Poller, waitAfter } from '../src/api/poller';

const good: Answer<number> = { ok: true, value: 1 };
const bad = (status: number): Answer<number> => ({ ok: false, problem: { kind: status === 0 ? 'timeout' : 'refused', status, text: '' } });

function setUp(intervalMs: number, answers: Answer<number>[]) {
  mock.timers.enable({ apis: ['setTimeout'] });
  const state = { asked: 0, heard: [] as Answer<number>[], visible: true };
  const poller = new Poller<number>({
    load: () => Promise.resolve(answers[state.asked++] ?? good), answered: (answer) => state.heard.push(answer),
    visible: () => state.visible, intervalMs,
  });
  const settle = () => new Promise<void>((done) => { setImmediate(done); });
  const pass = async (ms: number) => { await settle(); mock.timers.tick(ms); await settle(); };
  return { poller, state, pass, end: () => { poller.stop(); mock.timers.reset(); } };
}

test('asks at its pace, once at a time', async () => {
  const { poller, state, pass, end } = setUp(1000, []);
  poller.start();
  for (let i = 0; i < 3; i += 1) await pass(1000);
  assert.equal(state.asked, 4);
  end();
});

test('a hidden tab loads once, asks no more, and asks at once when shown', async () => {
  const { poller, state, pass, end } = setUp(1000, []);
  state.visible = false;
  poller.start();
  for (let i = 0; i < 5; i += 1) await pass(1000);
  assert.equal(state.asked, 1);
  state.visible = true;
  poller.shown();
  await pass(1000);
  assert.equal(state.asked, 3);
  end();
});

test('after failures it waits longer, then recovers by itself', async () => {
  assert.deepEqual([0, 1, 2, 3, 9].map((n) => waitAfter(n, 1000)), [1000, 1000, 2000, 4000, 10_000]);
  const { poller, state, pass, end } = setUp(1000, [bad(0), bad(503)]);
  poller.start();
  await pass(1000);
  assert.equal(state.asked, 2);
  await pass(1000);
  assert.equal(state.asked, 2);
  await pass(1000);
  assert.deepEqual(state.heard.map((answer) => answer.ok), [false, false, true]);
  end();
});

test('what is asked once is asked again only where asking again can help', async () => {
  for (const [answer, times] of [[good, 1], [bad(404), 1], [bad(400), 1], [bad(0), 2], [bad(429), 2], [bad(503), 2]] as const) {
    const { poller, state, pass, end } = setUp(0, [answer]);
    poller.start();
    for (let i = 0; i < 3; i += 1) await pass(2000);
    assert.equal(state.asked, times, JSON.stringify(answer));
    end();
  }
});

test('nothing is heard after the stop', async () => {
  const { poller, state, pass, end } = setUp(1000, []);
  poller.start();
  poller.stop();
  await pass(5000);
  assert.equal(state.heard.length, 0);
  end();
});
