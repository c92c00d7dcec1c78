/** What a mail to a customer begins with: by their name and usual, as far as the address was confirmed. */
export async function mailTo(regulars, address, { confirmed, locale = 'en' }) {
  const verified = confirmed ? ['email'] : [];
  const shop = regulars.shop('blue-door');
  const { greeting, usual } = await shop.greet({ email: address }, { verified, locale });
  const offered = await shop.recommend({ email: address }, { verified, locale, limit: 3 });
  return [
    greeting.kind === 'none' ? '' : greeting.text,
    usual.kind === 'usual' ? usual.text : '',
    ...(offered.kind === 'items' ? offered.items.map(({ name, text }) => `${name}: ${text}`) : []),
  ].filter((line) => line !== '');
}
