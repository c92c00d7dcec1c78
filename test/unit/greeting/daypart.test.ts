import { describe, expect, it } from 'vitest';
import { daypartAt } from '../../../src/greeting/daypart.js';

const at = (text: string): number => Date.parse(text);

describe('daypartAt', () => {
  it.each([
    ['04:59', 'night'],
    ['05:00', 'morning'],
    ['10:59', 'morning'],
    ['11:00', 'midday'],
    ['14:59', 'midday'],
    ['15:00', 'afternoon'],
    ['16:59', 'afternoon'],
    ['17:00', 'evening'],
    ['21:59', 'evening'],
    ['22:00', 'night'],
    ['00:00', 'night'],
  ])('calls %s %s', (time, daypart) => {
    expect(daypartAt(at(`2026-03-20T${time}:00Z`), 'UTC').daypart).toBe(daypart);
  });

  it('reads the clock of the zone, with its calendar day and its weekend', () => {
    const moment = at('2026-03-20T23:30:00Z'); // Friday evening in London, Saturday morning in Tokyo
    expect(daypartAt(moment, 'Europe/London')).toEqual({
      daypart: 'night',
      weekend: false,
      localDay: '2026-03-20',
    });
    expect(daypartAt(moment, 'Asia/Tokyo')).toEqual({
      daypart: 'morning',
      weekend: true,
      localDay: '2026-03-21',
    });
    expect(daypartAt(moment, 'Asia/Kathmandu').localDay).toBe('2026-03-21');
  });

  it('keeps five in the morning at five on both sides of a change of the clocks', () => {
    const berlin = 'Europe/Berlin'; // summer time began on 2026-03-29
    expect(daypartAt(at('2026-03-28T04:00:00Z'), berlin).daypart).toBe('morning');
    expect(daypartAt(at('2026-03-28T03:59:00Z'), berlin).daypart).toBe('night');
    expect(daypartAt(at('2026-03-29T03:00:00Z'), berlin).daypart).toBe('morning');
    expect(daypartAt(at('2026-03-29T02:59:00Z'), berlin).daypart).toBe('night');
    const newYork = 'America/New_York'; // and ended there on 2026-11-01
    expect(daypartAt(at('2026-10-31T09:00:00Z'), newYork).daypart).toBe('morning');
    expect(daypartAt(at('2026-11-01T09:59:00Z'), newYork).daypart).toBe('night');
  });

  it('takes an unknown zone for UTC and an impossible time for 1970, without throwing', () => {
    expect(daypartAt(at('2026-03-20T12:00:00Z'), 'Mars/Base').daypart).toBe('midday');
    for (const ms of [NaN, Infinity, -Infinity, 9e15])
      expect(daypartAt(ms, 'UTC').localDay).toBe('1970-01-01');
  });
});
