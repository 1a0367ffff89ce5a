// Editing, deleting and reporting happen inside the row. What is typed is kept until it is sent or the user signs out.
const field = `${chat.row} form :is(textarea, [name=reason])`;
// A draft is {from, to, open}: the old text, the new one, whether the form is open. Another channel may get the slug.
const key = (e, url = e.getAttribute('action')) =>
  `edit:${chat.me}:${url.replace(/^\/c\/[^/]+/, chat.of(e).list.dataset.id)}`;
const open = async (row, url, words = 'This is what you had begun to write.') => {
  const name = key(row, url);
  await htmx.ajax('GET', url, {source: row, target: row, swap: 'beforeend'});
  const draft = chat.kept(name);
  const box = row.querySelector(field); // null if the user may no longer edit
  box?.setSelectionRange(box.value.length, box.value.length);
  if (!box || !draft) return;
  if (box.defaultValue === draft.to) return chat.keep(name);
  chat.keep(name, {...draft, open: true});
  const isOther = 'from' in draft && box.defaultValue !== draft.from;
  if (isOther) words = 'The message has changed since you began. Saving replaces what it says now.';
  box.form.querySelector('.slot').replaceChildren(words, ' ', chat.copy('discard'));
  box.value = draft.to;
};
const close = form => {
  const draft = chat.kept(key(form));
  if (draft) chat.keep(key(form), {...draft, open: false});
  chat.link(form.closest('.message')).focus({preventScroll: true});
  form.remove();
};
chat.click(`${chat.row} :is(a.own, .report, .edit .cancel)`, link => {
  const row = link.closest('.message');
  row.querySelectorAll('.edit').forEach(close);
  if (!link.matches('.cancel')) open(row, link.getAttribute('href'));
});
chat.on('keydown', `${chat.row} .edit`, (form, e) => e.key === 'Escape' && close(form));
chat.on('input', field, ({defaultValue, value, form}) => {
  const {from = defaultValue} = chat.kept(key(form)) ?? {};
  chat.keep(key(form), value !== from && {from, to: value, open: true});
});
chat.on('reset', `${chat.row} form`, form => { // discards the draft
  chat.keep(key(form));
  form.querySelector('.slot').replaceChildren();
  form.querySelector('textarea, [name=reason]').focus();
});
chat.on('click', '.conflict button', button => { // the text that was typed for a message that was deleted meanwhile
  chat.of(button).focus();
  button.parentElement.remove();
});
// After sending, the draft goes, and the composer gets the focus, unless one has typed on.
document.addEventListener('htmx:after:swap', ({detail: {ctx: {request, response, sourceElement}}}) => {
  const [, message, what] = /^(.*)\/(edit|delete|report)$/.exec(request?.method === 'POST' && request.action) ?? [];
  const c = what && response?.status === 200 && !sourceElement.matches('form') && chat.of(sourceElement);
  if (!c) return;
  const url = `${message}/edit`;
  const draft = chat.kept(key(c.list, url));
  chat.keep(key(c.list, request.action));
  if (what === 'report') return;
  const row = c.rows.find(r => !r.matches('.deleted') && chat.href(r) === message);
  const saved = request.body.get('body')?.replace(/\r\n/g, '\n');
  const more = what === 'edit' && draft && row && saved !== draft.to;
  chat.keep(key(c.list, url), more && {to: draft.to, open: draft.open});
  if (more && draft.open) open(row, url, 'Saved. What you typed since is still here.');
  else c.focus();
});
chat.on('submit', '[action="/signout"]', () => sessionStorage?.clear());
document.addEventListener('chat:changed', ({target: row}) => {
  const form = row.querySelector('.edit');
  if (!form || +form.elements.rev?.value >= row.dataset.rev) return;
  let words = `changed meanwhile. “${form.querySelector('.cancel')?.textContent}” shows what it says now.`;
  if (form.elements.rev) words = 'changed meanwhile. Save to see what it says now: nothing is replaced unseen.';
  if (row.matches('.deleted')) words = 'deleted meanwhile. What you typed stays here until you put it away.';
  form.querySelector('.slot').textContent = `This message was ${words}`;
});
for (const row of document.querySelectorAll(`${chat.row}:not(.deleted)`)) {
  const urls = ['edit', 'delete', 'report'].map(what => `${chat.href(row)}/${what}`);
  for (const url of urls) if (chat.kept(key(row, url))?.open) open(row, url);
}
