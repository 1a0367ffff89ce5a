// The title is the page's heading, with the number of unread messages. Other labels made from the heading follow it.
const heading = () => document.querySelector('[data-title]')?.textContent.replace(/\s+/g, ' ').trim();
const page = {title: document.title};
let called = heading();
const look = () => {
  const now = heading();
  for (const [owner, label] of [[page, 'title'], [chat.main?.list, 'ariaLabel'], [chat.main?.box, 'placeholder']]) {
    if (owner && now !== called) owner[label] = owner[label].replace(called, () => now);
  }
  called = now;
  const badges = document.querySelectorAll(`#sidebar .unread${chat.looking() ? ':not([aria-current] *)' : ''}`);
  const sum = [...badges].reduce((n, badge) => n + +badge.textContent, 0);
  document.title = sum ? `(${sum}) ${page.title}` : page.title;
};
document.addEventListener('chat:look', look);
document.addEventListener('htmx:after:swap', look);
look();
