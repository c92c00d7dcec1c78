import { describe, expect, it } from 'vitest';
import { lookUpBackend, timed } from '../../support/kiosk.js';
import { createDevice } from '../../support/device.js';
import { at } from './guest.js';
import { everyWord, greetingOf } from './words.js';

const NOW = at('2026-03-20 08:05');
const view = {
  name: 'Maya',
  paidVisits: 9,
  usual: [{ sku: 'latte', name: 'Latte', quantity: 1, modifiers: [] }],
};

/** What a kiosk shows of a number, from the first key to the last word. */
async function typed(phone: string): Promise<string> {
  const { backend } = lookUpBackend({ '+14255550177': view });
  const device = createDevice(NOW);
  const page = device.page({ mode: 'kiosk', backend });
  const heard: string[] = [];
  page.subscribe((snapshot) => heard.push(JSON.stringify({ ...snapshot, visit: null })));
  await page.start();
  const { value: recognition, ms } = await timed(device.clock, page.recognize({ phone }));
  const greeting = greetingOf(page);
  return JSON.stringify([
    recognition,
    ms,
    greeting,
    page.why(greeting.ref),
    page.get().customer,
    page.usual(),
    page.recommend(),
    heard,
  ]);
}

describe('G19 claimed at a kiosk', () => {
  it('gives for a known number what it gives for an unknown one, to the byte', async () => {
    const known = await typed('+1 425 555 0100');
    const unknown = await typed('+1 425 555 0199');
    expect(known).toBe(unknown);
    expect(known).toContain('"kind":"unproven"');
    expect(known).toMatch(/"prove":\[".+"\]/);
    expect(known).toContain('Welcome.');
    expect(known).not.toMatch(/maya|latte|usual"|back/i);
  });

  it('greets only whom the backend lets be greeted by their number: no occasion, no issue, no birthday', async () => {
    const { backend } = lookUpBackend({ '+14255550177': view });
    const device = createDevice(NOW);
    const page = device.page({ mode: 'kiosk', backend, contact: 'the counter' });
    await page.start();
    const { value } = await timed(device.clock, page.recognize({ phone: '+1 425 555 0177' }));
    expect(value).toMatchObject({ kind: 'found' });
    expect(everyWord(page)).toMatch(/Maya/);
    expect(everyWord(page)).not.toMatch(/birthday|sorry|wrong|issue/i);
  });
});
