// The title is what the page's heading is called, and counts what is unread. The channel that is open counts only while
// nobody looks at it. What else is called after the heading, such as the box to write in, follows it.
(() => {
  const channels = document.getElementById('sidebar');
  if (!channels) return;
  const heading = () => document.querySelector('[data-title]')?.textContent.replace(/\s+/g, ' ').trim();
  const title = document.title;
  let called = heading();
  const first = called;
  const count = () => {
    let sum = 0;
    for (const badge of channels.querySelectorAll('.unread')) {
      if (!looking() || !badge.closest('[aria-current]')) sum += +badge.textContent;
    }
    const now = called ? title.replace(first, () => called) : title;
    document.title = sum ? `(${sum}) ${now}` : now;
  };
  const look = () => {
    const before = called;
    called = heading();
    if (called !== before) {
      for (const [id, attr] of [['messages', 'aria-label'], ['body', 'placeholder']]) {
        const e = document.getElementById(id);
        e?.setAttribute(attr, e.getAttribute(attr).replace(before, () => called));
      }
    }
    count();
  };
  new MutationObserver(count).observe(channels, {subtree: true, childList: true, characterData: true});
  document.addEventListener('chat:look', count);
  document.addEventListener('htmx:after:swap', look);
  count();
})();
