const WORDS: Readonly<Record<string, string>> = {
  ...{ 'name.given': 'First name', 'name.family': 'Family name', 'name.display': 'Name' },
  ...{ 'greet-by-number': 'Greet me by my number', email: 'E-mail', loyalty: 'loyalty card' },
  ...{ host: 'the shop', import: 'orders of the shop', customer: 'you', staff: 'the staff' },
  ...{ remember: 'to remember you', suggest: 'to suggest', measure: 'to measure' },
  ...{ share: 'to share', granted: 'yes', denied: 'no', ask: 'not answered' },
  ...{ web: 'online', pos: 'at the till' },
};

/** A text as a person reads it: in the words that were given, else in ours; of a key or a value that nobody has named, its own words. */
export function wordsFor(given: Readonly<Record<string, string>>): (text: string) => string {
  return (text) => {
    const [words] = [given, WORDS].filter((one) => Object.hasOwn(one, text) && one[text]);
    if (words) return words[text] ?? text;
    if (!/^[a-z][\w.-]*$/.test(text)) return text;
    return text
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .replace(/[._-]+/g, ' ')
      .trim()
      .toLowerCase();
  };
}

/** The same at the beginning of a row. */
export function atStart(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
