// The composer keeps the text until the server has it, through errors, lost connections and other pages. All attempts
// to send one content have the same client_id, so that it is posted once.
chat.each(c => {
  const {form, list, box} = c;
  const key = `draft:${chat.me}:${c.key}`;
  let sent = null; // the content sent and not yet answered
  let again = false; // Enter was pressed while busy
  let failed = false; // the network failed: it is sent again
  let waits = ''; // soon: it is sent when the files are up; unsent: one is not up; changed: since it failed
  const isBusy = () => form.matches('.htmx-request');
  const isLost = () => 'lost' in document.body.dataset;
  const isUploading = () => form.querySelector('.sending');
  const files = () => [...form.querySelectorAll('[name=kept]:checked')];
  const has = () => box.value.trim() || files().length;
  const content = () => JSON.stringify([box.value, ...files().map(f => f.value)]);
  const mint = () => (form.elements.client_id.value = crypto.getRandomValues(new Uint32Array(4)).join('-'));
  const keep = () => chat.keep(key, box.value && {body: box.value, id: form.elements.client_id.value, sent});
  const say = () => {
    const hint = form.querySelector('.hint [role=status]'); // has the words
    const over = [...box.value].length - form.dataset.maxLength; // in characters, as the server counts
    const tooMany = over > 0 && `${over} character${over > 1 ? 's' : ''} too many`;
    const problem = tooMany || hint.dataset[waits || ((failed || (isLost() && has())) && 'offline')];
    const text = problem || hint.dataset[chat.touch.matches ? 'touch' : 'keys'];
    if (hint.textContent !== text) hint.textContent = text;
    hint.classList.toggle('waiting', Boolean(problem)); // undefined would toggle it
  };
  const retry = () => {
    if (failed && content() !== sent) [failed, waits] = [false, has() ? 'changed' : '']; // the user sends it
    if (failed && !isBusy() && !isLost()) form.requestSubmit();
    say();
  };
  const done = posted => { // else it was a command
    const [was] = JSON.parse(sent);
    if (box.value.startsWith(was)) box.value = box.value.slice(was.length).replace(/^\n/, '');
    mint();
    chat.hidePreview(form);
    form.querySelectorAll('.slot').forEach(s => s.replaceChildren());
    sent = null;
    if (form.elements.also) form.elements.also.checked = false;
    keep();
    form.dispatchEvent(new Event('chat:sent'));
    if (posted && c.hasNewer && !form.querySelector('.attached li')) location.assign(list.dataset.href);
    else c.scroller.scrollTop = 0;
  };
  form.addEventListener('submit', e => {
    again = isBusy();
    waits = !again && isUploading() ? 'soon' : '';
    say();
    if (again || waits || !has()) e.stopImmediatePropagation();
    if (again || waits || !has()) return e.preventDefault();
    if (sent !== null && sent !== content()) mint();
    sent = content();
    keep();
  }, true); // before htmx
  box.addEventListener('keydown', e => {
    if (e.key !== 'ArrowUp' || box.value) return;
    const own = c.rows.findLast(row => row.matches(`[data-author="${chat.me}"]:not(.deleted,.line)`));
    chat.actions(own)?.querySelector('[href$="/edit"]').click();
  });
  form.addEventListener('input', () => {
    waits = ''; // what is changed meanwhile, the user sends
    keep();
    say();
  });
  form.addEventListener('chat:files', e => {
    if (waits && e.detail) waits = 'unsent';
    if (waits === 'soon' && !isUploading()) form.requestSubmit();
    say();
  });
  form.addEventListener('htmx:after:request', e => {
    const {response: {status, raw}, text, hx} = e.detail.ctx;
    if (e.target !== form) return; // a preview
    failed = false;
    if (status >= 500) return; // it may have been posted: the retry has the same client_id
    // Sent files leave the form, but for those that a refused form has again.
    const gone = files().filter(f => sent.includes(f.value) && !text.includes(`value="${f.value}"`));
    if (status < 400 || text.includes('class="composer"')) gone.forEach(f => f.closest('li').remove());
    if (status >= 400) sent = null;
    else if (hx.redirect || /^\s*<(article|hx-partial)/.test(text)) done(/^\s*<a/.test(text));
    else {
      e.preventDefault(); // another page, such as sign-in: the draft is kept until the user returns
      location.assign(raw.url || location.href);
    }
  });
  form.addEventListener('htmx:error', e => (failed ||= e.target === form));
  form.addEventListener('htmx:finally:request', () => {
    say();
    if (failed) setTimeout(retry, 3000);
    if (again) setTimeout(() => form.requestSubmit());
    again = false;
  });
  document.addEventListener('chat:connection', retry);
  const last = chat.kept(key); // newer than what the server has, if that was saved here
  const draft = !box.value || last?.id === form.elements.draft?.value ? last : null;
  mint();
  if (draft) [box.value, sent] = [draft.body, draft.sent];
  if (sent) form.elements.client_id.value = draft.id;
  say();
});
