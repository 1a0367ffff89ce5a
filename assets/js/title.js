// The title is the page's heading, with the number of unread messages that are written to the user. The tab's icon has
// a mark for them, and a lesser one for what else is unread; an installed app's icon has the number, or a dot. Other
// labels made from the heading follow it.
const heading = () => document.querySelector('[data-title]')?.textContent.replace(/\s+/g, ' ').trim();
const page = {title: document.title};
const icon = document.querySelector('[rel=icon]'), {href} = icon;
const {mention, unread} = document.getElementById('late')?.dataset ?? {};
let called = heading(), shown;
const look = () => {
  const now = heading();
  for (const [owner, label] of [[page, 'title'], [chat.main?.list, 'ariaLabel'], [chat.main?.box, 'placeholder']]) {
    if (owner && now !== called) owner[label] = owner[label].replace(called, () => now);
  }
  called = now;
  const read = chat.looking() ? ', [aria-current] *' : '';
  const all = kind => [...document.querySelectorAll(`#sidebar ${kind}:not(:empty${read})`)];
  const sum = all('.badge').reduce((n, badge) => n + +badge.textContent, 0);
  const news = sum || all('.unread').length > 0;
  document.title = sum ? `(${sum}) ${page.title}` : page.title;
  if (news === shown) return;
  shown = news;
  icon.href = (sum ? mention : news && unread) || href;
  if (news) navigator.setAppBadge?.(sum || undefined).catch(() => {}); // without a number it is a dot
  else navigator.clearAppBadge?.().catch(() => {});
};
document.addEventListener('chat:look', look);
document.addEventListener('htmx:after:swap', look);
look();
