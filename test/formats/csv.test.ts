import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../src/formats/csv.js';
import { runs } from '../support/runs.js';
import { withSemicolons } from '../support/mutate.js';

const text = 'Name,Total,Note\n#1,"1,50","two\nlines, ""quoted"""\n#2,3,\n';
const rows = [
  { Name: '#1', Total: '1,50', Note: 'two\nlines, "quoted"' },
  { Name: '#2', Total: '3', Note: '' },
];

describe('reading CSV', () => {
  it.each([
    ['commas', text],
    ['semicolons', withSemicolons(text)],
    ['a byte order mark', `\uFEFF${text}`],
    ['CRLF', text.replaceAll('\n', '\r\n').replace('two\r\n', 'two\n')],
    ['CR alone', text.replaceAll('\n', '\r')],
    ['mixed line ends and blank rows', text.replace('\n', '\r\n\r\n  \n')],
    ['no end of the last line', text.trimEnd()],
  ])('takes %s', (_, given) => expect(readCsv(given)).toEqual(rows));

  it('takes tabs, and leaves quotes inside a cell alone', () =>
    expect(readCsv('id\ttitle\n1\tmug 5" wide, blue\n')).toEqual([
      { id: '1', title: 'mug 5" wide, blue' },
    ]));
  it('is not misled by semicolons in the rows, or in a quoted name', () =>
    expect(readCsv('"a;b;c;d",e\n1;2;3;4,5')).toEqual([{ 'a;b;c;d': '1;2;3;4', e: '5' }]));
  it('keeps the first of two columns of a name, and drops cells without one', () =>
    expect(readCsv('id,,id,name\n1,x,2,mug,more,cells\n3')).toEqual([
      { id: '1', name: 'mug' },
      { id: '3', name: '' },
    ]));
  it('takes a column called __proto__ for what it is', () => {
    const [row] = readCsv('__proto__,id\npolluted,1');
    expect(Object.keys(row ?? {}).sort()).toEqual(['__proto__', 'id']);
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  });
  it.each(['', '\uFEFF', '\n\n', 'a,b', '"never closed'])('gives no rows of %j', (given) =>
    expect(readCsv(given)).toEqual([]),
  );
  it('gives back what any cells were written as', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        (cells, mark, end) => {
          const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
          const clean = (cell: string): string => cell.replace(/\r\n?/g, '\n').trim();
          const full = cells.filter((row) => row.join('').trim() !== '');
          const lines = [['a', 'b'], ...cells].map((row) => row.map(quoted).join(mark));
          expect(readCsv(lines.join(end))).toEqual(
            full.map(([a, b]) => ({ a: clean(a), b: clean(b) })),
          );
        },
      ),
      { numRuns: runs(100) },
    ));
});
