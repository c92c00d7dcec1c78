/**
 * The value of a JSON text that may be cut off anywhere: what is whole of it, with all that is open closed. Undefined for what is
 * no JSON. For a look at how a long file begins.
 */
export function partOfJson(text: string): unknown {
  const open: string[] = [];
  // where everything before is whole, and what would close it there
  let end = 0;
  let closing = '';
  const keep = (at: number): void => {
    end = at;
    closing = [...open].reverse().join('');
  };
  for (let i = 0; i < text.length; i++) {
    const mark = text[i];
    if (mark === '"') {
      i = endOfString(text, i);
      if (i < 0) break;
    } else if (mark === '{' || mark === '[') {
      open.push(mark === '{' ? '}' : ']');
      keep(i + 1);
    } else if (mark === '}' || mark === ']') {
      if (open.pop() !== mark) return undefined;
      keep(i + 1);
      if (open.length === 0) break;
    } else if (mark === ',') keep(i);
  }
  try {
    return JSON.parse(text.slice(0, end) + closing);
  } catch {
    return undefined;
  }
}

/** Where a string ends that begins at `from`; -1 where it does not. */
function endOfString(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++)
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  return -1;
}
