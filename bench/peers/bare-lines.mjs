// The lines of a JSON Lines file by readline and JSON.parse alone, counted: what reading costs before anything is made of it.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

let rows = 0;
for await (const line of createInterface({ input: createReadStream(process.argv[2]) }))
  rows += JSON.parse(line) ? 1 : 0;
console.log(rows);
