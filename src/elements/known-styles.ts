/** Colors are the system's, which follow `color-scheme` and forced colors; nothing moves. */
export const knownStyles: string = `:host{display:block;color:var(--regulars-text,CanvasText);line-height:1.5;overflow-wrap:anywhere}
:host([hidden]),[hidden]{display:none!important}
section,dialog{padding:1.25rem;border:1px solid GrayText;border-radius:.75rem;background:var(--regulars-surface,Canvas);color:inherit}
h2,h3{margin-block:1rem 0;font:inherit;font-weight:600}
ul{list-style:none;margin:0;padding:0}
li{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;padding-block:.25rem}
li>:first-child{flex:1 1 12rem}
.removed>:first-child{text-decoration:line-through}
p{margin:0}
button,input{margin-block:.25rem;min-block-size:2.75rem;padding:.5rem;font:inherit;color:inherit;background:none;border:1px solid;border-radius:.5rem}
:focus-visible{outline:var(--regulars-focus,3px solid Highlight);outline-offset:2px}`;
