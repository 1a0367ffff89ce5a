// The title is the page's heading, with the number of unread messages. Those of the open channel count only while the
// user does not look at it. Other labels made from the heading, such as the composer's, follow it.
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
