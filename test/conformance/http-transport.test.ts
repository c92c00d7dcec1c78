import { afterAll, beforeAll } from 'vitest';
import { startHttpServer, type HttpServer } from '../support/http-server.js';
import { describeTransport } from '../support/transports.js';

let server: HttpServer;
beforeAll(async () => {
  server = await startHttpServer();
});
afterAll(() => server.close());

describeTransport('http, against our server over node:http', () => server.setup(), {
  'late-commit': 'memory commits nothing late; the contract of databases has it',
});
