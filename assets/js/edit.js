// Editing, deleting and reporting happen inside the row: the links of a row fetch their form into it. What is typed into an
// edit is kept until it is saved or put away: a page that was left meanwhile, as when its session ended, opens the form
// again. Who signs out leaves nothing behind for whoever sits here next.
(() => {
  const place = `edit:${document.body.dataset.user}:`;
  const kept = url => {
    try {
      return JSON.parse(sessionStorage[place + url]);
    } catch {
      // nothing, or no storage
    }
  };
  const keep = (url, from, to) => {
    try {
      if (to) sessionStorage[place + url] = JSON.stringify({from: kept(url)?.from ?? from, to});
      else delete sessionStorage[place + url];
    } catch {
      // no storage
    }
  };
  const open = async (link, text) => {
    const row = link.closest('.message');
    await htmx.ajax('GET', link.getAttribute('href'), {source: link, target: row, swap: 'beforeend'});
    const box = text && row.querySelector('textarea'); // none, if one may not edit any more
    if (!box) return;
    box.value = text.to;
    if (box.defaultValue !== text.from) box.form.querySelector('.slot').textContent = 'The message has changed since you began. Saving replaces what it says now.';
  };

  const free = form => {
    const row = form.closest('.message');
    keep(form.getAttribute('action'));
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
      open(link);
    }
  });

  document.addEventListener('keydown', e => {
    const form = e.target.closest?.('.message .edit');
    if (form && e.key === 'Escape') free(form);
  });

  document.addEventListener('input', e => {
    if (e.target.matches('.message textarea')) keep(e.target.form.getAttribute('action'), e.target.defaultValue, e.target.value);
  });

  // Done: back to where one writes.
  document.addEventListener('htmx:after:swap', ({detail: {ctx}}) => {
    if (/\/report$/.test(ctx.request?.action ?? '') && !document.querySelector('.message > form')) document.dispatchEvent(new Event('chat:free'));
    if (ctx.response?.status === 200 && ctx.sourceElement?.matches?.('#messages') && /\/(edit|delete)$/.test(ctx.request.action) && ctx.request.method === 'POST') {
      keep(ctx.request.action);
      document.getElementById('body')?.focus({preventScroll: true});
    }
  });

  document.addEventListener('submit', e => {
    if (e.target.getAttribute('action') !== '/signout') return;
    try {
      for (const key of Object.keys(sessionStorage)) if (/^(edit|draft):/.test(key)) delete sessionStorage[key];
    } catch {
      // no storage
    }
  });

  for (const link of document.querySelectorAll('.message .own[href]')) {
    const text = kept(link.getAttribute('href'));
    if (text) open(link, text);
  }
})();
