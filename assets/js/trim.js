// A list that is read at its end for days does not grow without end: its oldest rows go, and the link to older messages
// starts from the first that is left.
(() => {
  const list = document.getElementById('messages');
  if (!list) return;
  const scroller = document.getElementById('scroller');
  const most = 500;
  const left = 400; // so that it is not done for each row

  const olderThan = row => {
    const url = `/c/${list.dataset.channel}?before=${row.dataset.seq}`;
    const link = document.createElement('a');
    const more = {
      id: 'older', class: 'more', href: url, 'hx-get': url, 'hx-target': 'this', 'hx-swap': 'outerHTML', 'hx-sync': 'this:drop',
      'hx-trigger': 'click, intersect once root:#scroller rootMargin:400px',
    };
    for (const [name, value] of Object.entries(more)) link.setAttribute(name, value);
    link.textContent = 'Older messages';
    return link;
  };

  list.addEventListener('chat:rows', ({detail: {added}}) => {
    const rows = list.querySelectorAll('.message');
    if (!added.length || rows.length <= most || scroller.scrollTop < -40) return;
    if (list.querySelector('.more.htmx-request')) return; // its answer goes where it was asked for
    const first = rows[rows.length - left];
    const children = [...list.children];
    const old = children.slice(0, children.indexOf(first));
    if (old.some(e => e.querySelector('form') || e.contains(document.activeElement))) return; // someone is at work there
    for (const e of old) e.remove();
    const link = olderThan(first);
    list.prepend(link);
    htmx.process(link);
    list.dispatchEvent(new CustomEvent('chat:rows', {bubbles: true, detail: {rows: [first], added: []}})); // its day line
  });
})();
