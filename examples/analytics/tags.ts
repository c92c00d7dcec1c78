// What was on the page before Regulars: gtag's lines and Segment's queue, as their makers publish them; the scripts they would fetch
// are left out, as this page asks nobody for anything.
{
  const layer = (window.dataLayer ??= []);
  window.gtag = function gtag(..._given): void {
    layer.push(arguments);
  };
  window.gtag('js', new Date());
  window.gtag('config', 'G-EXAMPLE', { currency: 'EUR' });

  const queue: unknown[] = [];
  window.analytics = Object.assign(queue, {
    track: (event: string, properties: object) => void queue.push(['track', event, properties]),
  });
}
