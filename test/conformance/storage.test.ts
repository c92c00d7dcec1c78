import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { indexedDbStorage } from '../../src/adapters/storage/indexed-db.js';
import type { ProfileStorage } from '../../src/profile/port.js';
import { storageContract } from '../../src/testing/storage-contract.js';
import { storageSaboteurs } from '../../src/testing/storage-saboteurs.js';
import { storageAdaptersInNode } from '../support/storage-adapters-node.js';

for (const { name, make, exceptions } of storageAdaptersInNode)
  describe(`${name} keeps the storage contract`, () => {
    for (const promise of storageContract)
      if (!exceptions.promises.includes(promise.name)) it(promise.name, () => promise.check(make));
  });

describe('exceptions', () => {
  it('name promises of the contract, and each is really broken', async () => {
    for (const { make, exceptions } of storageAdaptersInNode)
      for (const name of exceptions.promises) {
        const promise = storageContract.find((candidate) => candidate.name === name);
        await expect(promise?.check(make), name).rejects.toThrow();
      }
  });
});

describe('the contract notices each broken storage', () => {
  it('has one saboteur for each promise', () => {
    expect(storageSaboteurs.map(({ breaks }) => breaks)).toEqual(
      storageContract.map(({ name }) => name),
    );
  });
  for (const { breaks, sabotage } of storageSaboteurs)
    it(`only "${breaks}" fails for its saboteur`, async () => {
      const failed: string[] = [];
      const make = (): ProfileStorage => sabotage(indexedDbStorage());
      for (const { name, check } of storageContract)
        await check(make).catch(() => failed.push(name));
      expect(failed).toEqual([breaks]);
    });
});
