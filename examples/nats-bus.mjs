// Pokes between the processes of one server over NATS: what one has written, pages that listen at another hear of at once.
// A poke is a hint and never data, so the core of NATS is enough: no JetStream, nothing to keep.

/** A bus for `createRegularsServer({ bus })` over a connection of the package `nats`. */
export function natsBus(connection, subject = 'regulars.pokes') {
  return {
    publish: (topic) => connection.publish(subject, topic),
    subscribe: (hear) => {
      const subscription = connection.subscribe(subject, {
        callback: (error, message) => {
          if (!error) hear(message.string());
        },
      });
      return () => subscription.unsubscribe();
    },
  };
}
