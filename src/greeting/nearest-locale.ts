/** A language as `Intl` takes it: "de_DE" is "de-DE", and what is no tag is English. */
export function localeTag(locale = 'en'): string {
  try {
    return Intl.getCanonicalLocales(locale.replace(/_/g, '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
}

/** What decides between two languages: language with script, region, and what stands behind "-x-". */
function traitsOf(tag: string): readonly (string | undefined)[] {
  try {
    const locale = new Intl.Locale(tag.replace(/_/g, '-'));
    const { language, script, region } = locale.maximize();
    return [`${language} ${script}`, region, /-x-(.*)/.exec(locale.toString())?.[1]];
  } catch {
    return []; // no tag: nothing is like it
  }
}

/**
 * The one of the languages that comes nearest to a tag: same language and script, with likely subtags ("zh-TW" is not "zh-Hans", but
 * "pt" is "pt-BR"), rather of the same form ("-x-formal") and region, rather the first. Undefined for English, and for none.
 */
export function nearestLocale<T extends { readonly lang: string }>(
  locales: readonly T[],
  tag: string,
): T | undefined {
  const [like, region, form] = traitsOf(tag);
  let found: T | undefined;
  let most = 0;
  for (const locale of [...locales, undefined]) {
    const [own, ownRegion, ownForm] = traitsOf(locale?.lang ?? 'en');
    const score =
      Number(own === like) * (1 + Number(ownForm === form) * 2 + Number(ownRegion === region));
    if (like && score > most) [found, most] = [locale, score];
  }
  return found;
}
