// Editing, deleting and reporting happen inside the row. The typed text is kept until it is sent: a page left meanwhile
// opens the form again, and a closed form has it at the next Edit. Signing out removes it, for the next user's sake.
const inRow = '[data-conversation] .message';
const field = `${inRow} form :is(textarea, [name=reason])`;
// A draft is {from, to, open}: the original text, the new one, and whether its form is open. Its key is the channel's
// id, because another channel may get the slug.
const key = (e, url = e.getAttribute('action')) => `edit:${chat.me}:${url.replace(/^\/c\/[^/]+/, chat.of(e).list.dataset.id)}`;

const open = async (row, url, words = 'This is what you had begun to write.') => {
  const name = key(row, url);
  await htmx.ajax('GET', url, {source: row, target: row, swap: 'beforeend'});
  const draft = chat.kept(name);
  const box = draft && row.querySelector(field); // null if the user may no longer edit
  if (!box) return;
  if (box.defaultValue === draft.to) return chat.keep(name);
  chat.keep(name, {...draft, open: true});
  const changed = 'from' in draft && box.defaultValue !== draft.from;
  if (changed) words = 'The message has changed since you began. Saving replaces what it says now.';
  box.form.querySelector('.slot').replaceChildren(words, ' ', chat.copy('discard'));
  box.value = draft.to;
};
const away = form => {
  const draft = form && chat.kept(key(form));
  if (draft) chat.keep(key(form), {...draft, open: false});
  form?.remove();
};
const close = form => {
  const row = form.closest('.message');
  const c = chat.of(row);
  away(form);
  chat.release(c);
  const now = c.find(row);
  if (now) chat.link(now).focus({preventScroll: true});
};

document.addEventListener('click', e => {
  const row = e.target.closest(inRow);
  const cancel = e.target.closest('.edit .cancel');
  const link = e.target.closest('a.own, .report');
  if (!row || !(cancel || link) || !chat.plain(e)) return;
  e.preventDefault();
  if (cancel) return close(cancel.closest('form'));
  away(row.querySelector('.edit'));
  open(row, link.getAttribute('href'));
});
document.addEventListener('click', e => { // dismisses the typed text of a message that was deleted meanwhile
  const box = e.target.matches('.conflict button') && e.target.parentElement;
  if (!box) return;
  chat.of(box).focus();
  box.remove();
});
document.addEventListener('keydown', e => {
  const form = e.key === 'Escape' && e.target.closest?.(`${inRow} .edit`);
  if (form) close(form);
});
document.addEventListener('input', e => {
  if (!e.target.matches(field)) return;
  const {defaultValue, value, form} = e.target;
  const {from = defaultValue} = chat.kept(key(form)) ?? {};
  chat.keep(key(form), value !== from && {from, to: value, open: true});
});
document.addEventListener('reset', ({target: form}) => { // discards the draft
  if (!form.matches(`${inRow} form`)) return;
  chat.keep(key(form));
  form.querySelector('.slot').replaceChildren();
  form.querySelector('textarea, [name=reason]').focus();
});

// After sending, a reason's draft is removed, and an edit's too unless more was typed since. Then the composer gets the
// focus, unless the user continued typing.
document.addEventListener('htmx:after:swap', ({detail: {ctx: {request, response, sourceElement}}}) => {
  if (request?.method !== 'POST' || response?.status !== 200) return;
  const [, message, what] = /^(.*)\/(edit|delete|report)$/.exec(request.action) ?? [];
  const c = what && chat.of(sourceElement);
  if (!c || sourceElement.matches('form')) return;
  const url = `${message}/edit`;
  const name = key(c.list, url);
  const draft = chat.kept(name);
  chat.keep(key(c.list, request.action));
  if (what === 'report') return chat.release(c);
  const row = c.rows.find(r => !r.matches('.deleted') && chat.link(r).getAttribute('href') === message);
  const saved = request.body.get('body')?.replace(/\r\n/g, '\n');
  const more = what === 'edit' && draft && row && saved !== draft.to;
  chat.keep(name, more && {to: draft.to, open: draft.open});
  if (more && draft.open) open(row, url, 'Saved. What you typed since is still here.');
  else c.focus();
});

document.addEventListener('submit', e => {
  if (e.target.getAttribute('action') !== '/signout') return;
  for (const name of Object.keys(chat.storage ?? {})) if (/^(edit|draft):/.test(name)) chat.keep(name);
});

// The row has changed while its form is open: the new row waits in rows.js, and the form shows a notice.
document.addEventListener('chat:held', ({target: row, detail: now}) => {
  const form = row.querySelector('.edit');
  if (+form.elements.rev?.value >= now.dataset.rev) return; // the edit began with this text
  const shows = form.querySelector('textarea') ? 'Save to see what it says now: nothing is replaced unseen.'
    : `“${form.querySelector('.cancel')?.textContent}” shows what it says now.`;
  form.querySelector('.slot').textContent = now.matches('.deleted')
    ? 'This message was deleted meanwhile. What you typed stays here until you put it away.'
    : `This message was changed meanwhile. ${shows}`;
});

for (const row of document.querySelectorAll(`${inRow}:not(.deleted)`)) {
  for (const what of ['edit', 'delete', 'report']) {
    const url = `${chat.link(row).getAttribute('href')}/${what}`;
    if (chat.kept(key(row, url))?.open) open(row, url);
  }
}
