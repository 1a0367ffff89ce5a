// Errors are shown next to the form that failed, and never replace the typed text.
const say = words => document.getElementById('notice')?.replaceChildren(words);
document.addEventListener('htmx:before:swap', ({detail: {ctx, tasks: [main, aside]}}) => {
  const {response: {status} = {}, sourceElement} = ctx;
  if (!(status >= 400) || !main) return;
  const [problem, form] = [main.fragment.querySelector('.problem'), sourceElement?.closest?.('form')];
  aside?.fragment.querySelector('.conflict pre')?.replaceChildren(form.elements.body.value); // as it is by now
  if (!problem && form && main.fragment.querySelector('form, article')) return; // a form with errors, or a row
  main.target = form?.querySelector('.slot') ?? document.getElementById('notice');
  main.swapSpec = {style: 'innerHTML'};
  main.fragment.replaceChildren(problem ?? `That did not work (error ${status}). Nothing was changed: try again.`);
});
const unreached = new Text('The server cannot be reached. Nothing was changed: try again in a moment.');
document.addEventListener('chat:connection', () => 'lost' in document.body.dataset || unreached.remove());
document.addEventListener('htmx:error', ({detail: {ctx}}) => {
  if (ctx?.sourceElement?.matches?.('.composer')) return; // it retries
  const slot = ctx?.sourceElement?.closest?.('.edit')?.querySelector('.slot');
  (slot ?? document.getElementById('notice'))?.replaceChildren(unreached);
});
document.addEventListener('htmx:before:request', () => say(''));
document.addEventListener('keydown', e => e.key === 'Escape' && say(''));
