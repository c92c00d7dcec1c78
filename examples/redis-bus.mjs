// Pokes between the processes of one server over Redis: what one has written, pages that listen at another hear of at once.
// A poke is a hint and never data, so publish and subscribe are enough: no stream, nothing to keep.

/** A bus for `createRegularsServer({ bus })` over a connected client of the package `redis`. */
export async function redisBus(client, channel = 'regulars.pokes') {
  const hearers = new Set();
  // a connection that listens can do nothing else
  const listening = client.duplicate();
  // it connects again by itself; without somebody who hears of it the process would end
  listening.on('error', () => undefined);
  await listening.connect();
  await listening.subscribe(channel, (topic) => {
    for (const hear of [...hearers]) hear(topic);
  });
  return {
    publish: async (topic) => {
      await client.publish(channel, topic);
    },
    subscribe: (hear) => {
      const own = (topic) => hear(topic);
      hearers.add(own);
      return () => hearers.delete(own);
    },
  };
}
