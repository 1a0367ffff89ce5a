// Editing, deleting and reporting happen inside the row: the links of a row fetch their form into it. What is typed into one
// is kept until it is sent: a page that was left meanwhile, as when its session ended, opens the form again, and one
// that was put away is there at the next Edit. Who signs out leaves nothing behind for whoever sits here next.
(() => {
  const list = document.getElementById('messages');
  const field = '.message form :is(textarea, [name=reason])';
  // By the channel itself: another may come to have its address.
  const place = url => `edit:${document.body.dataset.user}:${url?.replace(/^\/c\/[^/]+/, list?.dataset.id)}`;
  const kept = url => {
    try {
      return JSON.parse(sessionStorage[place(url)]);
    } catch {
      // nothing, or no storage
    }
  };
  // A draft is {from, to, open}: what the message was, what is to become of it, and whether one is at it.
  const keep = (url, draft) => {
    try {
      if (draft) sessionStorage[place(url)] = JSON.stringify(draft);
      else delete sessionStorage[place(url)];
    } catch {
      // no storage
    }
  };

  const offer = (box, draft, words) => {
    const anew = document.createElement('button');
    anew.type = 'button';
    anew.className = 'button small';
    anew.textContent = 'Discard it';
    anew.onclick = () => {
      box.value = box.defaultValue;
      keep(box.form.getAttribute('action'));
      slot.replaceChildren();
      box.focus();
    };
    const slot = box.form.querySelector('.slot');
    slot.replaceChildren(words, ' ', anew);
    box.value = draft.to;
  };
  const open = async (link, words = 'This is what you had begun to write.') => {
    const url = link.getAttribute('href');
    const row = link.closest('.message');
    await htmx.ajax('GET', url, {source: link, target: row, swap: 'beforeend'});
    const draft = kept(url);
    const box = draft && row.querySelector(field); // none, if one may not edit any more
    if (!box) return;
    if (box.defaultValue === draft.to) return keep(url);
    keep(url, {...draft, open: true});
    if ('from' in draft && box.defaultValue !== draft.from) words = 'The message has changed since you began. Saving replaces what it says now.';
    offer(box, draft, words);
  };

  const away = form => {
    const url = form?.getAttribute('action');
    const draft = kept(url);
    if (draft) keep(url, {...draft, open: false});
    form?.remove();
  };
  const free = form => {
    const row = form.closest('.message');
    away(form);
    document.dispatchEvent(new Event('chat:row-released'));
    (document.getElementById(row.id) ?? row).querySelector('header > a')?.focus({preventScroll: true});
  };

  document.addEventListener('click', e => {
    if (e.button || e.ctrlKey || e.metaKey || e.shiftKey) return;
    const row = e.target.closest('#messages .message');
    if (!row) return;
    const cancel = e.target.closest('.edit .cancel');
    const link = e.target.closest('.own, .report');
    if (cancel || link) e.preventDefault();
    if (cancel) free(cancel.closest('form'));
    if (link) {
      away(row.querySelector('form'));
      open(link);
    }
  });

  document.addEventListener('keydown', e => {
    const form = e.target.closest?.('.message .edit');
    if (form && e.key === 'Escape') free(form);
  });

  document.addEventListener('input', e => {
    if (!e.target.matches(field)) return;
    const {defaultValue, value, form} = e.target;
    const url = form.getAttribute('action');
    const {from = defaultValue} = kept(url) ?? {};
    keep(url, value !== from && {from, to: value, open: true});
  });

  // Done: back to where one writes, unless one wrote on meanwhile.
  document.addEventListener('htmx:after:swap', ({detail: {ctx}}) => {
    if (/\/report$/.test(ctx.request?.action ?? '') && !document.querySelector('.message > form')) document.dispatchEvent(new Event('chat:row-released'));
    if (ctx.response?.status === 200 && ctx.request.method === 'POST' && /\/(report|delete)$/.test(ctx.request.action)) keep(ctx.request.action);
    if (ctx.response?.status !== 200 || !ctx.sourceElement?.matches?.('#messages') || ctx.request.method !== 'POST' || !/\/(edit|delete)$/.test(ctx.request.action)) return;
    const url = ctx.request.action.replace(/\w+$/, 'edit');
    const draft = kept(url);
    const link = document.querySelector(`#messages .own[href="${CSS.escape(url)}"]`);
    const saved = ctx.request.body?.get?.('body')?.replace(/\r\n/g, '\n');
    const more = draft && link && saved !== undefined && saved !== draft.to;
    keep(url, more && {to: draft.to, open: draft.open});
    if (more && draft.open) return open(link, 'Saved. What you typed since is still here.');
    document.getElementById('body')?.focus({preventScroll: true});
  });

  document.addEventListener('submit', e => {
    if (e.target.getAttribute('action') !== '/signout') return;
    try {
      for (const key of Object.keys(sessionStorage)) if (/^(edit|draft):/.test(key)) delete sessionStorage[key];
    } catch {
      // no storage
    }
  });

  // The row has changed while its form is open: it waits in rows.js, and the form says so.
  document.addEventListener('chat:held', ({target: row, detail: now}) => {
    const form = row.querySelector('form');
    if (+form.elements.rev?.value >= now.dataset.rev) return; // it began with that
    const [box, away] = ['textarea', '.cancel'].map(s => form.querySelector(s));
    form.querySelector('.slot').textContent = now.matches('.deleted') ? 'This message was deleted meanwhile. What you typed stays here until you put it away.'
      : `This message was changed meanwhile. ${box ? 'Save to see what it says now: nothing is replaced unseen.' : `“${away.textContent}” shows what it says now.`}`;
  });

  for (const link of document.querySelectorAll('.message :is(.own, .report)[href]')) {
    if (kept(link.getAttribute('href'))?.open) open(link);
  }
})();
