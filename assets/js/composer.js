// The composer. The text stays in the box until the server has it, through errors, lost connections and other pages.
//
// client_id identifies one content: it stays the same for all attempts to send that content, so that it is posted once,
// and changes when the content differs from what was last sent with it.
const soon = 'The message is sent when the files are up';

chat.each(c => {
  const {form, list, box} = c;
  const {elements} = form;
  const key = `draft:${chat.me}:${list.dataset.id}`; // not by the slug, which another channel may get
  let sent = null; // the content sent and not yet answered
  let again = false; // Enter was pressed while busy
  let failed = false; // the network failed: it is sent again
  let waits = ''; // what is said while it is sent when the files are up, and if one is not

  const isBusy = () => form.matches('.htmx-request');
  const isLost = () => 'lost' in document.body.dataset;
  const isUploading = () => form.querySelector('.sending');
  const files = () => [...form.querySelectorAll('[name=kept]:checked')];
  const content = () => JSON.stringify([box.value, ...files().map(f => f.value)]);
  const mint = () => (elements.client_id.value = crypto.getRandomValues(new Uint32Array(4)).join('-'));
  const keep = () => chat.keep(key, box.value && {body: box.value, id: elements.client_id.value, sent});
  const words = over => {
    if (over > 0) return `${over} character${over > 1 ? 's' : ''} too many`;
    if (waits) return waits;
    if (failed || isLost()) return 'Not connected: your message is sent when the connection is back';
    return chat.touch.matches ? 'Enter starts a new line, the button sends' : 'Enter sends, Shift+Enter starts a new line';
  };
  const say = () => {
    const hint = form.querySelector('.hint [role=status]');
    const over = [...box.value].length - form.dataset.maxLength; // in characters, as the server counts
    if (hint.textContent !== words(over)) hint.textContent = words(over);
    hint.classList.toggle('waiting', waits || failed || isLost() || over > 0);
    if (CSS.supports('field-sizing', 'content')) return;
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight}px`;
  };
  const retry = () => {
    if (!failed || isBusy() || isLost()) return;
    if (content() === sent) return form.requestSubmit();
    failed = false; // the text was changed meanwhile: the user sends it
    say();
  };
  // Sent files leave the form, but for those that a refused form has again.
  const settle = answer => {
    for (const f of files()) {
      if (sent.includes(f.value) && !answer.includes(`value="${f.value}"`)) f.closest('li').remove();
    }
  };
  const done = posted => { // else it was a command
    const [was] = JSON.parse(sent);
    if (box.value.startsWith(was)) box.value = box.value.slice(was.length).replace(/^\n/, '');
    mint();
    form.querySelectorAll('.slot').forEach(s => s.replaceChildren());
    sent = null;
    keep();
    if (posted && c.hasNewer && !form.querySelector('.attached li')) location.assign(`/c/${list.dataset.channel}`);
    else c.scroller.scrollTop = 0;
  };

  // Runs before htmx: there is nothing to send, or the last message is still being sent.
  form.addEventListener('submit', e => {
    again = isBusy();
    waits = !again && isUploading() ? soon : '';
    say();
    if (again || waits || !(box.value.trim() || files().length)) {
      e.preventDefault();
      return e.stopImmediatePropagation();
    }
    if (sent !== null && sent !== content()) mint();
    sent = content();
    keep();
  }, true);
  box.addEventListener('keydown', e => {
    if (e.key !== 'ArrowUp' || box.value) return;
    const own = c.rows.findLast(row => row.matches(`[data-author="${chat.me}"]:not(.deleted)`));
    chat.actions(own)?.querySelector('[href$="/edit"]').click();
  });
  form.addEventListener('input', () => {
    waits = ''; // what is changed meanwhile, the user sends
    keep();
    say();
  });
  form.addEventListener('chat:files', e => {
    if (waits && e.detail) waits = 'Not sent, because a file is not up: try it again, or send without it';
    if (waits === soon && !isUploading()) form.requestSubmit();
    say();
  });
  form.addEventListener('htmx:after:request', e => {
    const {ctx} = e.detail;
    if (e.target !== form) return; // a preview
    failed = false;
    if (ctx.response.status >= 500) return; // it may have been posted: the retry has the same client_id
    if (ctx.response.status < 400 || ctx.text.includes('class="composer"')) settle(ctx.text);
    if (ctx.response.status >= 400) sent = null;
    else if (ctx.hx.redirect || /^\s*<(article|hx-partial)/.test(ctx.text)) done(/^\s*<a/.test(ctx.text));
    else {
      e.preventDefault(); // another page, such as sign-in: the draft is kept until the user returns
      location.assign(ctx.response.raw.url || location.href);
    }
  });
  form.addEventListener('htmx:error', e => {
    if (e.target !== form) return;
    failed = true;
    setTimeout(retry, 3000);
  });
  form.addEventListener('htmx:finally:request', () => {
    say();
    if (again) setTimeout(() => form.requestSubmit());
    again = false;
  });
  document.addEventListener('chat:connection', () => {
    say();
    retry();
  });

  const draft = chat.kept(key);
  if (draft && !box.value) {
    box.value = draft.body;
    sent = draft.sent;
    if (sent) elements.client_id.value = draft.id;
  }
  if (!sent) mint();
  say();
});
