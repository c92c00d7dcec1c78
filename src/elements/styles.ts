/**
 * Gives a shadow root its styles. Constructed where the engine can, since a strict content security policy allows that;
 * Safari before 16.4 gets a `<style>` with the host's own `nonce`.
 */
export function adoptStyles(root: ShadowRoot, css: string, nonce: string): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement('style');
    style.nonce = nonce;
    style.textContent = css;
    root.append(style);
  }
}
