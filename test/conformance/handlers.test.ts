import { afterAll, beforeAll } from 'vitest';
import { startEndpoint, type EndpointServer } from '../support/endpoint.js';
import { describeTransport } from '../support/transports.js';

let server: EndpointServer;
beforeAll(async () => {
  server = await startEndpoint();
});
afterAll(() => server.close());

describeTransport('handlers over an endpoint of sixty lines', () => server.setup(), {
  snapshot: 'a resync pulls from the beginning',
  pokes: 'a browser has EventSource for them: see the example',
  'late-commit': 'a process that commits nothing late',
});
