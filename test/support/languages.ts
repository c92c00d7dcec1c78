import { ar } from '../../src/greeting/locales/ar.js';
import { de } from '../../src/greeting/locales/de.js';
import { deFormal } from '../../src/greeting/locales/de-formal.js';
import { es } from '../../src/greeting/locales/es.js';
import { fr } from '../../src/greeting/locales/fr.js';
import { it } from '../../src/greeting/locales/it.js';
import { ja } from '../../src/greeting/locales/ja.js';
import { ko } from '../../src/greeting/locales/ko.js';
import { nl } from '../../src/greeting/locales/nl.js';
import { pl } from '../../src/greeting/locales/pl.js';
import { ptBr } from '../../src/greeting/locales/pt-br.js';
import { zhHans } from '../../src/greeting/locales/zh-hans.js';
import type { Locale } from '../../src/greeting/messages.js';

/** Every language beside English. */
export const languages: readonly Locale[] = [
  ...[ar, de, deFormal, es, fr, it, ja, ko, nl, pl, ptBr, zhHans],
];
