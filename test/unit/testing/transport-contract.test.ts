import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transportContract, type TransportSetup } from '../../../src/testing/transport-contract.js';
import { transportSaboteurs } from '../../../src/testing/transport-saboteurs.js';
import { startEndpoint, type EndpointServer } from '../../support/endpoint.js';

/** A sound transport with every part. */
let server: EndpointServer;
beforeAll(async () => {
  server = await startEndpoint();
});
afterAll(() => server.close());

const make = (): TransportSetup => server.setup({ whole: true });
const isLong = (name: string): boolean => /thousand|as large as/.test(name);

describe('the contract of transports', () => {
  it('has a saboteur for each promise', () => {
    expect(transportSaboteurs.map(({ breaks }) => breaks).sort()).toEqual(
      transportContract.map(({ name }) => name).sort(),
    );
  });

  it.each(transportContract.map((promise) => [promise.name, promise] as const))(
    'is kept by a sound one: %s',
    (_name, { check }) => check(make),
  );

  it.each(transportSaboteurs.map((saboteur) => [saboteur.breaks, saboteur] as const))(
    'notices, and only there, one that breaks: %s',
    async (_name, { breaks, sabotage }) => {
      const tried = transportContract.filter(({ name }) => name === breaks || !isLong(name));
      const failed: string[] = [];
      await Promise.all(
        tried.map(({ name, check }) =>
          check(() => sabotage(make())).catch(() => failed.push(name)),
        ),
      );
      expect(failed).toEqual([breaks]);
    },
    60_000,
  );
});
