// The title is what the page's heading is called, and counts what is unread. The channel that is open counts only while
// nobody looks at it. What else is called after the heading, such as the box to write in, follows it.
const sidebar = document.getElementById('sidebar');
const heading = () => document.querySelector('[data-title]')?.textContent.replace(/\s+/g, ' ').trim();
let called = heading();
let {title} = document;

const look = () => {
  const now = heading();
  if (now !== called) {
    const renamed = text => text.replace(called, () => now);
    title = renamed(title);
    if (chat.main) {
      const {list, box} = chat.main;
      list.ariaLabel = renamed(list.ariaLabel);
      box.placeholder = renamed(box.placeholder);
    }
    called = now;
  }
  let sum = 0;
  for (const badge of sidebar.querySelectorAll('.unread')) {
    if (!chat.looking() || !badge.closest('[aria-current]')) sum += +badge.textContent;
  }
  document.title = sum ? `(${sum}) ${title}` : title;
};
if (sidebar) {
  new MutationObserver(look).observe(sidebar, {subtree: true, childList: true, characterData: true});
  document.addEventListener('chat:look', look);
  document.addEventListener('htmx:after:swap', look);
  look();
}
