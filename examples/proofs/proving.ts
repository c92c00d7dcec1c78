import type { ProofRequest, Regulars, Verification } from 'regulars';
import { byId } from '../shared/dom.js';
import { countDown } from './countdown.js';
import { qrPicture } from './qr-picture.js';
import { showStep, type Step } from './steps.js';

/** Both ways to prove it, on the screen's side. */
export interface Proving {
  readonly askQr: () => Promise<void>;
  /** What a camera in front of the screen would read. */
  readonly camera: () => string | undefined;
  /** Gives up what is under way, and takes it off the screen. */
  readonly stop: () => void;
}

type Refused = Extract<Verification | ProofRequest, { readonly kind: 'refused' }>;

/** What the screen says to a refusal; nothing where nobody is there any more. */
function wordsFor(refused: Refused): string {
  switch (refused.reason) {
    case 'wrong-code':
      return refused.triesLeft
        ? `That is not the code. Tries left: ${refused.triesLeft}.`
        : 'That was not the code. Please ask for a new one.';
    case 'cancelled':
      return 'The phone said no.';
    case 'expired':
    case 'no-request':
      return 'The time is over. Please begin anew.';
    case 'limited':
      return 'That were many. Please wait a few minutes.';
    case 'visit-over':
      return '';
    default:
      return 'That does not work at the moment.';
  }
}

/** Wires them. `say` tells something on the screen; `home` is the step to go back to. */
export function wireProving(
  client: Regulars,
  say: (text: string) => void,
  home: () => Step,
): Proving {
  const picture = byId('qr-picture', HTMLElement);
  const digits = byId('digits', HTMLInputElement);
  let shown: string | undefined;
  let stopCounting = (): void => undefined;
  let waiting = new AbortController();

  const stop = (): void => {
    waiting.abort();
    waiting = new AbortController();
    stopCounting();
    shown = undefined;
    picture.replaceChildren();
    digits.value = '';
  };
  const settle = (outcome: Verification | Refused): void => {
    if (outcome.kind === 'verified') {
      stop();
      say('');
      showStep('proved');
      const format = new Intl.DateTimeFormat('en-US', { timeStyle: 'short' });
      byId('proved-until', HTMLElement).textContent =
        outcome.person === 'new'
          ? 'We have nothing of yours yet.'
          : `Shown until ${format.format(outcome.until)}, or until you leave.`;
      return;
    }
    const refused = outcome.kind === 'refused' ? outcome : undefined;
    if (refused?.reason === 'visit-over') return;
    if (refused?.reason === 'wrong-code' && refused.triesLeft !== 0) {
      digits.select();
      digits.focus();
    } else {
      stop();
      showStep(home());
    }
    say(refused ? wordsFor(refused) : 'That does not work at the moment.');
  };
  /** Asks for one; its text and time once it is there. */
  const begin = async (kind: 'code' | 'qr'): Promise<string | undefined> => {
    stop();
    say('');
    const request = await client.requestProof(kind, { signal: waiting.signal });
    if (request.kind !== 'requested') {
      if (request.kind === 'refused') settle(request);
      return undefined;
    }
    showStep(kind);
    stopCounting = countDown(request.expiresAt, document.querySelectorAll(`#${kind} .left`));
    return request.qr ?? '';
  };
  /** Who goes back has not failed. */
  const unlessStopped = (act: () => Promise<void>): Promise<void> =>
    act().catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
    });

  const askQr = (): Promise<void> =>
    unlessStopped(async () => {
      const text = await begin('qr');
      if (text === undefined) return;
      shown = text;
      picture.replaceChildren(qrPicture(text, 'QR code for the camera of your phone'));
      settle(await client.verify({ qr: true }, { signal: waiting.signal }));
    });
  byId('ask-qr', HTMLElement).addEventListener('click', () => void askQr());
  byId('ask-code', HTMLElement).addEventListener(
    'click',
    () => void unlessStopped(async () => void (await begin('code'))),
  );
  byId('code-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    void unlessStopped(async () => {
      settle(await client.verify({ code: digits.value }, { signal: waiting.signal }));
    });
  });
  return { askQr, camera: () => shown, stop };
}
