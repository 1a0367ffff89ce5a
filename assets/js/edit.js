// Editing, deleting and reporting happen inside the row: the links of a row fetch their form into it.
(() => {
  const free = form => {
    const row = form.closest('.message');
    form.remove();
    document.dispatchEvent(new Event('chat:free'));
    (document.getElementById(row.id) ?? row).querySelector('header > a')?.focus({preventScroll: true});
  };

  document.addEventListener('click', e => {
    if (e.button || e.ctrlKey || e.metaKey || e.shiftKey) return;
    const row = e.target.closest('#messages .message');
    if (!row) return;
    const cancel = e.target.closest('.edit .cancel');
    const link = e.target.closest('.own, .report');
    if (cancel || link) e.preventDefault();
    if (cancel) free(cancel.form ?? cancel.closest('form'));
    if (link) {
      row.querySelector('form')?.remove();
      htmx.ajax('GET', link.getAttribute('href'), {source: link, target: row, swap: 'beforeend'});
    }
  });

  document.addEventListener('keydown', e => {
    const form = e.target.closest?.('.message .edit');
    if (!form || e.isComposing) return;
    if (e.key === 'Escape') free(form);
    if (e.key === 'Enter' && e.target.matches('textarea') && !e.shiftKey) {
      e.preventDefault();
      form.requestSubmit();
    }
  });

  // Done: back to where one writes.
  document.addEventListener('htmx:after:swap', ({detail: {ctx}}) => {
    if (/\/report$/.test(ctx.request?.action ?? '') && !document.querySelector('.message > form')) document.dispatchEvent(new Event('chat:free'));
    if (ctx.response?.status === 200 && ctx.sourceElement?.matches?.('#messages') && /\/(edit|delete)$/.test(ctx.request.action) && ctx.request.method === 'POST') {
      document.getElementById('body')?.focus({preventScroll: true});
    }
  });
})();
