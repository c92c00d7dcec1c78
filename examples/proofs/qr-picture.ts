import { encode } from 'uqr';
import { svg } from '../shared/dom.js';

/** The quiet zone that readers ask for, in modules. */
const QUIET = 4;

/** A QR as one path: dark on light in dark mode as well, since many cameras read nothing else. */
export function qrPicture(text: string, label: string): SVGElement {
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const dark = data.flatMap((row, y) =>
    row.flatMap((on, x) => (on ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])),
  );
  const side = size + 2 * QUIET;
  return svg(
    'svg',
    {
      ...{ viewBox: `0 0 ${side} ${side}`, width: 272, height: 272 },
      ...{ role: 'img', 'aria-label': label, 'shape-rendering': 'crispEdges' },
    },
    svg('rect', { width: side, height: side, fill: '#fff' }),
    svg('path', { d: dark.join(''), fill: '#000' }),
  );
}
