// What could not be done is said beside the form that tried it, and never in the place of what was written.
(() => {
  const words = text => {
    const notice = document.getElementById('notice');
    if (!notice) return;
    const p = document.createElement('p');
    p.textContent = text;
    notice.replaceChildren(p);
  };

  document.addEventListener('htmx:before:swap', ({detail: {ctx, tasks}}) => {
    const main = tasks[0];
    if (!(ctx.response?.status >= 400) || !main) return;
    const problem = main.fragment.querySelector('.problem');
    const form = ctx.sourceElement?.closest?.('form');
    if (!problem && form && main.fragment.querySelector('form')) return; // the form itself, with its errors
    main.target = form?.querySelector('.slot') ?? document.getElementById('notice');
    main.swapSpec = {style: 'innerHTML'};
    if (problem) main.fragment.replaceChildren(problem);
    else main.fragment.replaceChildren(`That did not work (error ${ctx.response.status}). Nothing was changed: try again.`);
  });

  document.addEventListener('htmx:error', ({detail: {ctx}}) => {
    if (ctx?.sourceElement?.id !== 'composer') words('The server cannot be reached. Nothing was changed: try again in a moment.');
  });
  document.addEventListener('htmx:before:request', () => document.getElementById('notice')?.replaceChildren());
  document.addEventListener('keydown', e => e.key === 'Escape' && document.getElementById('notice')?.replaceChildren());
})();
