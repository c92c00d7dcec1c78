// Words in columns for a terminal.
import * as util from 'node:util';

const WIDTH = 100;

/** Lines of `text`, broken between words; the first after `lead`, the others under it. */
export function wrap(text, lead, indent = lead.length) {
  const room = WIDTH - indent;
  const lines = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((part, n) => (n === 0 ? lead : ' '.repeat(indent)) + part).join('\n');
}

/** Colors on a terminal that wants them, else the text as it is. */
export function painter(isTerminal) {
  const wanted = isTerminal && process.env.NO_COLOR === undefined;
  return (format, text) => (wanted && util.styleText ? util.styleText(format, text) : text);
}
