/** Colors are the system's, which follow `color-scheme` and forced colors. */
export const inspectorStyles: string = `:host{display:block;color:CanvasText;background:Canvas;font:var(--regulars-font,14px/1.5 system-ui,sans-serif);overflow-wrap:anywhere}
:host([hidden]),[hidden]{display:none!important}
section{margin-block:1rem}
h2,h3{font-size:1.1em;margin:0 0 .5rem}
h3{margin-block-start:1rem}
.bar,.cards{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
button,select,.file{min-block-size:2.25rem;padding:.25rem .75rem;font:inherit;color:CanvasText;background:Canvas;border:1px solid;border-radius:.4rem;cursor:pointer;box-sizing:border-box}
.file{display:inline-flex;align-items:center}
.file input{position:absolute;inline-size:1px;block-size:1px;opacity:0}
.file:focus-within,:focus-visible{outline:3px solid Highlight;outline-offset:2px}
button[aria-pressed=true]{font-weight:700;border-width:2px}
button:disabled{opacity:.6;cursor:default}
.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:1rem;align-items:start}
table{border-collapse:collapse;inline-size:100%}
caption{text-align:start;font-weight:600}
th,td{text-align:start;padding:.15rem .5rem;border-block-end:1px solid GrayText;font-weight:400}
.number{text-align:end;white-space:nowrap;font-variant-numeric:tabular-nums}
details>:not(summary){margin-inline-start:1rem}
summary{cursor:pointer;min-block-size:1.5rem}
code,pre{font:12px/1.5 ui-monospace,monospace;unicode-bidi:plaintext;white-space:pre-wrap;margin:0}
progress{inline-size:12rem}`;
