// Bounds a list that is read at its end for days: the oldest rows go, and the link to older messages starts below them.
document.addEventListener('chat:rows', ({target: list, detail: {added}}) => {
  const c = chat.of(list);
  if (!added.length || c.rows.length <= 500 || !c.atEnd) return;
  if (list.querySelector('.more.htmx-request')) return; // its answer needs its link
  const first = c.rows.at(-400); // slack, so that not every row trims
  const children = [...list.children];
  const old = children.slice(0, children.indexOf(first));
  if (old.some(e => e.querySelector('.edit') || e.contains(document.activeElement))) return; // the user is busy there
  for (const e of old) e.remove();
  const link = chat.copy('older');
  link.href = `/c/${list.dataset.channel}?before=${first.dataset.seq}`;
  link.setAttribute('hx-get', link.getAttribute('href'));
  list.prepend(link);
  htmx.process(link);
  c.tell([first]); // updates its day line
});
