import { describe, it } from 'vitest';
import { memoryDatabase } from '../../src/adapters/database/memory.js';
import { databaseContract } from '../../src/testing/database-contract.js';

const adapters = {
  memory: () => memoryDatabase(),
  'memory, three lanes': () => memoryDatabase({ lanes: () => 3 }),
};

for (const [name, make] of Object.entries(adapters))
  describe(`${name} keeps the database contract`, () => {
    for (const promise of databaseContract) it(promise.name, () => promise.check(make));
  });
