/** For `createRegulars`: how the page speaks with the server. */
export const deviceCookie = {
  keep: async (id) => (await ask('POST', id)).json(),
  erase: () => ask('DELETE'),
};

async function ask(method, id) {
  const response = await fetch('/regulars/device', {
    method,
    headers: { 'content-type': 'application/json' },
    ...(id !== undefined && { body: JSON.stringify(id) }),
    keepalive: true, // the page may be left right after a no
  });
  if (!response.ok) throw new Error(`/regulars/device answered ${response.status}`);
  return response;
}
