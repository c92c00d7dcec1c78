const COOKIE = '__Host-regulars';

/** Answers `/regulars/device`, with the request and response of node:http. */
export async function answerDevice(request, response) {
  let text = '';
  for await (const part of request) if ((text += part).length > 34) break;
  const given = /^"([0-9a-f]{32})"$/.exec(text)?.[1];
  const held = /(?:^|; )__Host-regulars=([0-9a-f]{32})(?:;|$)/.exec(request.headers.cookie)?.[1];
  // no other site can send JSON without being asked first
  const isJson = request.headers['content-type'] === 'application/json';
  const set = (value, seconds) =>
    response.setHeader(
      'set-cookie',
      `${COOKIE}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; Secure; SameSite=Lax`,
    );
  response.setHeader('cache-control', 'no-store');
  if (request.method === 'DELETE') set('', 0);
  else if (request.method === 'POST' && isJson && given) set(held ?? given, 400 * 86_400);
  else return response.writeHead(400).end();
  response.end(JSON.stringify(held ?? given ?? null));
}
