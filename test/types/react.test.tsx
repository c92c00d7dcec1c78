import type { ReactElement } from 'react';
import { expectTypeOf, it } from 'vitest';
import type { Regulars, Snapshot } from '../../src/client/types.js';
import type { EvidenceLevel } from '../../src/identity/types.js';
import { RegularsProvider, useRegulars, useRegularsClient } from '../../src/react/index.js';

// Checked by the compiler, never rendered: hooks outside of a component would throw.
function Typed({ client }: { readonly client: Regulars }): ReactElement {
  expectTypeOf(useRegulars()).toEqualTypeOf<Snapshot>();
  expectTypeOf(useRegulars((snapshot) => snapshot.level)).toEqualTypeOf<EvidenceLevel>();
  expectTypeOf(
    useRegulars(
      ({ level, mode }) => ({ level, mode }),
      (before, after) => before.level === after.level,
    ),
  ).toEqualTypeOf<{ level: EvidenceLevel; mode: Snapshot['mode'] }>();
  expectTypeOf(useRegularsClient()).toEqualTypeOf<Regulars>();

  // @ts-expect-error the snapshot has no such part
  useRegulars((snapshot) => snapshot.password);
  // @ts-expect-error nothing may be changed through the snapshot
  useRegulars().level = 'verified';
  // @ts-expect-error equality is told by a function of two selections
  useRegulars((snapshot) => snapshot.level, true);
  // @ts-expect-error the provider needs its client
  const missing = <RegularsProvider>text</RegularsProvider>;
  // @ts-expect-error a snapshot is no client
  const wrong = <RegularsProvider client={client.get()} />;
  return (
    <RegularsProvider client={client}>
      {missing}
      {wrong}
    </RegularsProvider>
  );
}

it('the React binding is typed', () => {
  expectTypeOf(Typed).returns.toEqualTypeOf<ReactElement>();
});
