// Bounds a list that is read at its end for days: the oldest rows are removed, and the link to older messages starts
// from the first one left.
const most = 500;
const left = 400; // slack, so that not every row trims
document.addEventListener('chat:rows', ({target: list, detail: {added}}) => {
  const c = chat.of(list);
  if (!added.length || c.rows.length <= most || !c.atEnd) return;
  if (list.querySelector('.more.htmx-request')) return; // its answer needs its link
  const first = c.rows.at(-left);
  const children = [...list.children];
  const old = children.slice(0, children.indexOf(first));
  if (old.some(e => e.querySelector('form') || e.contains(document.activeElement))) return; // the user is busy there
  for (const e of old) e.remove();
  const link = chat.copy('older');
  link.href = `/c/${list.dataset.channel}?before=${first.dataset.seq}`;
  link.setAttribute('hx-get', link.getAttribute('href'));
  list.prepend(link);
  htmx.process(link);
  c.tell([first]); // updates its day line
});
