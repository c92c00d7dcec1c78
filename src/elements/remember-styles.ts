/**
 * Both answers share one rule: neither may look like the better one. Colors are the system's, which follow
 * `color-scheme` and forced colors; nothing moves. Buttons have those of the text around them: in a dark scheme
 * WebKit has a white ButtonText on a light ButtonFace.
 */
export const rememberStyles: string = `:host{display:block;color:var(--regulars-text,CanvasText);font:var(--regulars-font,inherit);line-height:1.5;overflow-wrap:anywhere}
:host([hidden]),[hidden]{display:none!important}
.panel,dialog{padding:var(--regulars-padding,1.25rem);border:var(--regulars-border,1px solid GrayText);border-radius:var(--regulars-radius,.75rem);background:var(--regulars-surface,Canvas)}
h2{margin:0 0 .5rem;font:inherit;font-size:var(--regulars-heading-size,1.15em);font-weight:600}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem .75rem;margin:0 0 1rem}
dt{font-weight:600}
dd,p{margin:0}
.manage{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem .75rem}
.actions{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.5rem .75rem}
button{min-block-size:2.75rem;padding:.5rem .6rem;font:inherit;font-weight:600;color:var(--regulars-button-text,inherit);background:var(--regulars-button,none);border:var(--regulars-button-border,1px solid);border-radius:var(--regulars-button-radius,.5rem);cursor:pointer}
button:hover{text-decoration:underline}
:focus-visible{outline:var(--regulars-focus,3px solid Highlight);outline-offset:2px}
a,.link{color:var(--regulars-link,LinkText)}
a{display:inline-block;margin-block-start:.75rem}
.link{min-block-size:1.5rem;padding:0 .25rem;border:0;background:none;font-weight:inherit;text-decoration:underline}
.status{margin-block-start:.5rem}
.status:not(.failed){position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)}
dialog{color:inherit;max-inline-size:min(28rem,100vw - 5rem)}
dialog p{margin-block-end:1rem}
dialog::backdrop{background:rgb(0 0 0/.5)}`;
