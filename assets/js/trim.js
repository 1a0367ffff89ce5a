// A list that is read at its end for days does not grow without end: its oldest rows go, and the link to older messages
// starts from the first that is left.
const most = 500;
const left = 400; // so that it is not done for each row

chat.each(c => {
  const {list} = c;
  list.addEventListener('chat:rows', ({detail: {added}}) => {
    const {rows} = c;
    if (!added.length || rows.length <= most || !c.atEnd) return;
    if (list.querySelector('.more.htmx-request')) return; // its answer goes where it was asked for
    const first = rows.at(-left);
    const children = [...list.children];
    const old = children.slice(0, children.indexOf(first));
    if (old.some(e => e.querySelector('form') || e.contains(document.activeElement))) return; // someone is at work there
    for (const e of old) e.remove();
    const link = chat.copy('older');
    link.href = `/c/${list.dataset.channel}?before=${first.dataset.seq}`;
    link.setAttribute('hx-get', link.getAttribute('href'));
    list.prepend(link);
    htmx.process(link);
    c.tell([first]); // its day line
  });
});
