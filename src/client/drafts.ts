import type { EvidenceLevel, NormalIdentifier } from '../identity/types.js';
import { uuidV7 } from '../kernel/ids.js';
import type { FactData, LinkData, RecordDraft } from '../profile/types.js';
import type { Core } from './core.js';
import { levelOf } from './person.js';

/** A link of an identifier to a subject, ready to be appended. */
export function linkDraft(
  core: Core,
  subject: string,
  identifier: NormalIdentifier & { readonly token: string },
  level: EvidenceLevel,
  method: LinkData['method'],
  more: Pick<LinkData, 'since' | 'unproved'> = method === 'claim' ? { unproved: true } : {},
): RecordDraft {
  const at = core.clock.now();
  return {
    id: uuidV7(at, core.random),
    subject,
    kind: 'link',
    by: `device:${core.vault.device().id}`,
    data: { type: identifier.type, token: identifier.token, level, method, at, ...more },
  };
}

/** The name, where one was given that is not known yet. */
export function nameDrafts(
  core: Core,
  subject: string,
  name: unknown,
  source: FactData['source'],
): readonly RecordDraft[] {
  const known = core.state.card?.facts['name.given']?.value;
  if (typeof name !== 'string' || name.trim() === '' || name === known) return [];
  const at = core.clock.now();
  const verified = levelOf(core) === 'verified';
  return [
    {
      id: uuidV7(at, core.random),
      subject,
      kind: 'fact',
      by: `device:${core.vault.device().id}`,
      data: {
        ...{ key: 'name.given', value: name, at, source, purpose: 'remember' },
        ...(verified && { level: 'verified' }),
      },
    },
  ];
}
