// The title is the page's heading, with the number of unread messages. Those of the open channel count only while the
// user does not look at it. Other labels made from the heading follow it.
const sidebar = document.getElementById('sidebar');
const heading = () => document.querySelector('[data-title]')?.textContent.replace(/\s+/g, ' ').trim();
const page = {title: document.title};
let called = heading();
const look = () => {
  const now = heading();
  for (const [owner, label] of [[page, 'title'], [chat.main?.list, 'ariaLabel'], [chat.main?.box, 'placeholder']]) {
    if (owner && now !== called) owner[label] = owner[label].replace(called, () => now);
  }
  called = now;
  const badges = [...sidebar.querySelectorAll(chat.looking() ? '.unread:not([aria-current] *)' : '.unread')];
  const sum = badges.reduce((n, badge) => n + +badge.textContent, 0);
  document.title = sum ? `(${sum}) ${page.title}` : page.title;
};

if (sidebar) {
  new MutationObserver(look).observe(sidebar, {subtree: true, childList: true, characterData: true});
  document.addEventListener('chat:look', look);
  document.addEventListener('htmx:after:swap', look);
  look();
}
