// The title is what the page's heading is called, and counts what is unread. The channel that is open counts only while
// nobody looks at it. What else is called after the heading, such as the box to write in, follows it.
const sidebar = document.getElementById('sidebar');
const heading = () => document.querySelector('[data-title]')?.textContent.replace(/\s+/g, ' ').trim();
const {title} = document;
const first = heading();
let called = first;

const count = () => {
  let sum = 0;
  for (const badge of sidebar.querySelectorAll('.unread')) {
    if (!chat.looking() || !badge.closest('[aria-current]')) sum += +badge.textContent;
  }
  const now = called ? title.replace(first, () => called) : title;
  document.title = sum ? `(${sum}) ${now}` : now;
};
const look = () => {
  const before = called;
  called = heading();
  if (called !== before && chat.main) {
    const {list, box} = chat.main;
    list.ariaLabel = list.ariaLabel.replace(before, () => called);
    box.placeholder = box.placeholder.replace(before, () => called);
  }
  count();
};
if (sidebar) {
  new MutationObserver(count).observe(sidebar, {subtree: true, childList: true, characterData: true});
  document.addEventListener('chat:look', count);
  document.addEventListener('htmx:after:swap', look);
  count();
}
