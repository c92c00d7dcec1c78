import { expect } from 'vitest';
import { batch, self, writing, type TestServer } from './server.js';

/** A page at `two` is told at once of what `one` has written: between them is a bus that listens once `listening` has resolved. */
export async function expectPokeBetween(
  one: TestServer,
  two: TestServer,
  listening: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const { link, purchase } = writing('000000a1');
  const first = batch(link('s1', 'account', 'u_1'), purchase('s1', 'web:1'));
  expect((await one.call('push', self('u_1'), first)).status).toBe(200);
  const stream = await two.call('events', self('u_1'));
  const reader = stream.body?.getReader();
  let text = '';
  const until = async (pokes: number): Promise<void> => {
    while (text.split('event: poke').length - 1 < pokes)
      text += new TextDecoder().decode((await reader?.read())?.value);
  };
  await until(1); // on opening: what came before anybody listened
  await listening();
  await one.call('push', self('u_1'), batch(purchase('s1', 'web:2')));
  await until(2); // the clock of both stands still: no poll has found it
  await reader?.cancel();
}
