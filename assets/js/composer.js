// Writing and sending. The text stays in the box until the server has it, through errors, cuts and other pages.
//
// client_id stands for one content: it is the same however often that content is sent, so that it is posted once,
// and a new one as soon as the content differs from what was last sent under it.
(() => {
  const form = document.getElementById('composer');
  if (!form) return;
  const list = document.getElementById('messages');
  const box = () => form.elements.body;
  const hint = () => document.getElementById('hint');
  const most = 8000;
  const usual = () => matchMedia('(pointer: coarse)').matches ? 'Enter starts a new line, the button sends' : 'Enter sends, Shift+Enter starts a new line';
  const place = `draft:${document.body.dataset.user}:${list.dataset.id}`; // and not its address, which it may lose to another
  let sent = null; // the content that was sent and not yet answered
  let busy = false;
  let again = false; // Enter was pressed while busy
  let failed = false; // the network did not take it: it is sent again
  let lost = false; // the socket is away

  const mint = () => crypto.getRandomValues(new Uint32Array(4)).join('-');
  const files = () => [...form.elements.file.files, ...form.querySelectorAll('[name=kept]:checked')];
  const content = () => JSON.stringify([box().value, ...files().map(f => f.value ?? [f.name, f.size, f.lastModified])]);

  const keep = () => {
    try {
      if (box().value) sessionStorage[place] = JSON.stringify({body: box().value, id: form.elements.client_id.value, sent});
      else delete sessionStorage[place];
    } catch {
      // no storage, no draft
    }
  };
  const say = () => {
    const over = box().value.length > most ? [...box().value].length - most : 0;
    const waits = failed || lost;
    const text = over > 0 ? `${over} character${over > 1 ? 's' : ''} too many`
      : waits ? 'Not connected: your message is sent when the connection is back' : usual();
    if (hint().textContent !== text) hint().textContent = text;
    hint().classList.toggle('waiting', waits || over > 0);
    if (!CSS.supports('field-sizing', 'content')) {
      box().style.height = 'auto';
      box().style.height = `${box().scrollHeight}px`;
    }
  };
  const retry = () => {
    if (!failed || busy) return;
    if (content() === sent) return form.requestSubmit();
    failed = false; // it was changed meanwhile: whoever changes it sends it
    say();
  };
  const done = () => {
    const [was] = JSON.parse(sent);
    const now = box().value;
    if (now.startsWith(was)) box().value = now.slice(was.length).replace(/^\n/, '');
    form.elements.client_id.value = mint();
    form.querySelector('.slot').replaceChildren();
    sent = null;
    form.dispatchEvent(new Event('chat:sent'));
    keep();
    again &&= box().value.trim() !== '' || files().length > 0;
    if (list.dataset.newer === 'true' && !files().length) return location.assign(`/c/${list.dataset.channel}`);
    document.getElementById('scroller').scrollTop = 0;
  };

  // Before htmx hears of it: nothing to send, or still busy with the last one.
  document.addEventListener('submit', e => {
    if (e.target !== form) return;
    again = busy;
    if (busy || (!box().value.trim() && !files().length)) {
      e.preventDefault();
      e.stopPropagation();
      return;
    }
    if (sent !== null && sent !== content()) form.elements.client_id.value = mint();
    sent = content();
    keep();
  }, true);
  form.addEventListener('keydown', e => {
    if (e.target === box() && e.key === 'ArrowUp' && !box().value) {
      const own = list.querySelectorAll(`[data-author="${document.body.dataset.user}"] .own[href$="edit"]`);
      own[own.length - 1]?.click();
    }
  });
  form.addEventListener('input', () => (keep(), say()));

  const ours = handler => e => e.detail.ctx?.sourceElement === form && handler(e.detail.ctx, e);
  document.addEventListener('htmx:config:request', ours(ctx => {
    if (!form.elements.file.files.length) ctx.request.body.delete('file');
    ctx.request.timeout = form.elements.file.files.length ? 0 : 20_000;
    busy = true;
  }));
  document.addEventListener('htmx:after:request', ours((ctx, e) => {
    failed = false;
    if (ctx.response.status >= 500) return; // it may have been posted: the next try is the same one
    if (ctx.response.status >= 400) sent = null;
    else if (/^\s*<article/.test(ctx.text)) done();
    else if (!ctx.hx.redirect) {
      e.preventDefault(); // some other page, such as the one to sign in: the draft is kept for when one is back
      location.assign(ctx.response.raw.url || location.href);
    }
  }));
  document.addEventListener('htmx:error', ours(() => {
    failed = true;
    setTimeout(() => !lost && retry(), 3000);
  }));
  document.addEventListener('htmx:finally:request', ours(() => {
    busy = false;
    say();
    if (again) setTimeout(() => form.requestSubmit());
    again = false;
  }));
  document.addEventListener('htmx:ws:close', e => {
    lost = e.detail.code !== null;
    say();
  });
  document.addEventListener('htmx:ws:after:connection', () => {
    lost = false;
    say();
    retry();
  });

  try {
    const draft = JSON.parse(sessionStorage[place]);
    if (!box().value) {
      box().value = draft.body;
      sent = draft.sent;
      if (sent) form.elements.client_id.value = draft.id;
    }
  } catch {
    // no draft, or no storage
  }
  if (!sent) form.elements.client_id.value = mint();
  say();
})();
