import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisBus } from '../../../examples/redis-bus.mjs';
import { memoryDatabase } from '../../../src/adapters/database/memory.js';
import type { Bus } from '../../../src/server/bus.js';
import { freePort } from '../../support/transports.js';
import { expectPokeBetween } from '../../support/poke-between.js';
import { startServer } from '../../support/server.js';

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** As much of a client of the package `redis` as the example calls, over Redis' own protocol (RESP2). */
interface Client {
  readonly connect: () => Promise<void>;
  readonly duplicate: () => Client;
  readonly on: (event: 'error', hear: (error: Error) => void) => void;
  readonly publish: (channel: string, message: string) => Promise<void>;
  readonly subscribe: (channel: string, hear: (message: string) => void) => Promise<void>;
  readonly close: () => void;
}

const sockets = new Set<Socket>();

function clientAt(port: number): Client {
  const socket = connect({ port, host: '127.0.0.1' });
  sockets.add(socket);
  let text = '';
  let hearing: (message: string) => void = () => undefined;
  const waiting: (() => void)[] = [];
  const say = (...words: readonly string[]): Promise<void> => {
    const sent = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('');
    socket.write(`*${words.length}\r\n${sent}`);
    return new Promise((resolve) => void waiting.push(resolve));
  };
  socket.on('data', (part) => {
    text += part.toString();
    // a list of three texts, or of two and a number: what a subscription says; a number: what `publish` says
    for (;;) {
      const list =
        /^\*3\r\n\$\d+\r\n(\w+)\r\n\$\d+\r\n[^\r]*\r\n(?:\$\d+\r\n([^\r]*)|:\d+)\r\n/.exec(text);
      const number = /^:\d+\r\n/.exec(text);
      const found = list ?? number;
      if (!found) return;
      text = text.slice(found[0].length);
      if (list?.[1] === 'message') hearing(list[2] ?? '');
      else waiting.shift()?.();
    }
  });
  return {
    connect: async () => {
      if (socket.connecting) await once(socket, 'connect');
    },
    duplicate: () => clientAt(port),
    on: (event, hear) => void socket.on(event, hear),
    publish: (channel, message) => say('PUBLISH', channel, message),
    subscribe: async (channel, hear) => {
      hearing = hear;
      await say('SUBSCRIBE', channel);
    },
    close: () => void socket.destroy(),
  };
}

async function connected(port: number): Promise<Client> {
  for (let tries = 0; ; tries++) {
    const client = clientAt(port);
    try {
      client.on('error', () => undefined);
      await client.connect();
      return client;
    } catch (error) {
      if (tries > 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

describe.skipIf(!hasRedis)(
  'two processes of a server, with Redis between them (needs redis-server here)',
  () => {
    let redis: ChildProcess;
    let buses: readonly Bus[];
    beforeAll(async () => {
      const port = await freePort();
      const alone = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
      redis = spawn('redis-server', ['--port', String(port), ...alone], { stdio: 'ignore' });
      buses = [await redisBus(await connected(port)), await redisBus(await connected(port))];
    }, 30_000);
    afterAll(() => {
      for (const socket of sockets) socket.destroy();
      redis.kill();
    });

    it('tell a page at one of them at once what the other has written', async () => {
      const database = memoryDatabase();
      const [one, two] = buses.map((bus) => startServer({ database, bus }));
      if (!one || !two) throw new Error('there are two');
      await expectPokeBetween(one, two);
    });

    it('hear each for itself, and no more once they have stopped', async () => {
      const [one, two] = buses;
      const heard: string[] = [];
      // what the server of the test before has told may still be on its way
      const hear = (topic: string): void => void (topic.length === 5 && heard.push(topic));
      const stops = [two?.subscribe(hear), two?.subscribe(hear), one?.subscribe(hear)];
      await one?.publish('["a"]');
      await expect.poll(() => heard.length).toBe(3);
      stops[0]?.();
      await one?.publish('["b"]');
      await expect.poll(() => heard.length).toBe(5);
      for (const stop of stops) stop?.();
      const last: string[] = [];
      two?.subscribe((topic) => void last.push(topic));
      await one?.publish('["c"]');
      await expect.poll(() => last).toEqual(['["c"]']);
      expect(heard).toHaveLength(5);
    });
  },
);
