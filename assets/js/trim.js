// Bounds a list that is read at its end for days: its oldest rows go, and are older messages again.
document.addEventListener('chat:rows', ({target: list, detail: {added}}) => {
  const c = chat.of(list);
  const isLoading = list.querySelector('.more.htmx-request'); // its answer needs its link
  if (!added.length || c.rows.length <= 500 || !c.atEnd || isLoading) return;
  const first = c.rows.at(-400); // slack, so that not every row trims
  const old = [...list.children].filter(e => e.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING);
  if (old.some(e => e.querySelector('.edit') || e.contains(document.activeElement))) return; // the user is busy there
  for (const e of old) e.remove();
  const link = chat.copy('older');
  const url = `${list.dataset.href}?before=${first.dataset.seq}`;
  for (const name of ['href', 'hx-get']) link.setAttribute(name, url);
  list.prepend(link);
  htmx.process(link);
  c.tell([first]); // updates its day line
});
