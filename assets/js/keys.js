// What keys do, loaded with the first: see shortcut.js. views/keys.go lists them.
const card = document.getElementById('card');
const headers = {'HX-Request': 'true'};
const fragment = async path => {
  const html = await fetch(path, {headers}).then(answer => answer.ok && answer.text(), () => '');
  return new DOMParser().parseFromString(html || '', 'text/html');
};
// Shows a page's fragment in the dialog, or closes that.
const show = async (path, part, words) => {
  if (card.querySelector(part)) return card.close();
  if (!card.open) card.row = null; // the focus goes back to where it was
  await htmx.ajax('GET', path, {target: card, swap: 'innerHTML'});
  card.ariaLabel = words;
  if (card.firstChild && !card.open) card.showModal();
  card.querySelector('[autofocus]')?.focus();
};
// The switcher can be typed into while it loads: what one writes fast would go into the composer, and be sent.
const goTo = async () => {
  if (card.querySelector('.switcher')) return card.close();
  const early = Object.assign(document.createElement('input'), {type: 'search', ariaLabel: 'Go to'});
  if (!card.open) card.row = null;
  card.replaceChildren(early);
  card.ariaLabel = 'Go to';
  if (!card.open) card.showModal();
  early.focus();
  await htmx.ajax('GET', '/switch', {target: card, swap: 'innerHTML'});
  const box = card.open && card.querySelector('.switcher [type=search]');
  if (!box) return card.close(), card.replaceChildren();
  box.focus();
  box.value = early.value;
  if (early.value) box.dispatchEvent(new Event('input', {bubbles: true}));
  const enter = new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true});
  if (early.dataset.enter) box.dispatchEvent(enter);
};
const search = () => {
  const box = document.querySelector('#sidebar [type=search]');
  if (!box) return location.assign('/search');
  if (!box.checkVisibility()) document.getElementById('sidebar').showPopover(); // a drawer on narrow screens
  box.focus();
};
// Leads to the previous or next conversation of the sidebar, or around to an unread one.
const visit = (step, unread) => {
  const all = [...document.querySelectorAll('#sidebar .channels a')]
    .filter(a => getComputedStyle(a.parentNode).display !== 'none'); // by their section
  const at = all.findIndex(a => a.matches('[aria-current=page]'));
  if (!unread) return all[at + step]?.click();
  const next = all.map((_, i) => all.at((at + step * (i + 1)) % all.length));
  next.find(a => a.querySelector('.unread')?.textContent)?.click();
};
const post = (url, values) => htmx.ajax('POST', url, {source: card, target: card, swap: 'none', values});
const pane = c => {
  if (chat.pane) return document.querySelector('#pane .hide').click();
  const focused = document.activeElement.closest(chat.row)?.querySelector('.replies');
  (focused ?? [...c.list.querySelectorAll('.replies')].at(-1))?.click();
};
const move = (c, row, step) => {
  const rows = c.rows.filter(r => r.checkVisibility()), at = rows.indexOf(row);
  const next = at < 0 ? rows.at(-1) : rows[at + step];
  if (!next) return;
  chat.link(next).focus({preventScroll: true});
  next.scrollIntoView({block: 'nearest'});
};
// What one could click: a row's own actions, and what its menu has, which only the server knows.
const own = selector => row => {
  const link = chat.actions(row)?.querySelector(selector);
  if (link?.checkVisibility()) link.click();
};
const inMenu = what => async row => {
  if (row.matches('.deleted')) return;
  const menu = await fragment(`${chat.href(row)}/actions`);
  const form = [...menu.forms].find(f => what.test(f.getAttribute('action')));
  if (form) post(form.getAttribute('action'));
};
const onRow = {
  e: own('[href$="/edit"]'),
  r: own('.react'),
  t: own('.reply'),
  Delete: own('[href$="/delete"]'),
  p: inMenu(/\/(un)?pin$/),
  s: inMenu(/\/(un)?save$/),
  u: inMenu(/\/unread$/),
};
let letters; // whether single letters are keys for this user: asked for once, when the first is pressed
const areLetters = () => (letters ??= fragment('/keys').then(page => !page.querySelector('[data-letters=false]')));
const withControl = {
  k: goTo,
  '/': () => show('/keys', '.keys', 'Keyboard shortcuts'),
  g: search,
  '.': () => chat.main && pane(chat.main),
};
const escape = (e, isEmpty) => {
  if (e.shiftKey) return post('/read');
  if (!chat.main || !e.target.isConnected || e.target.closest('#pane')) return; // Escape closes that, or has
  post('/read', {channel: chat.main.list.dataset.channel});
  if (isEmpty) chat.main.scroller.focus({preventScroll: true});
};
chat.key = async e => {
  if (e.key === 'Enter' && e.target.matches('#card > input, #card .switcher [type=search]:not([aria-autocomplete])')) {
    e.preventDefault();
    e.target.dataset.enter = 'yes'; // switch.js takes it from here
    return;
  }
  const isShifted = e.shiftKey && !/[./]/.test(e.key); // which are behind Shift on some keyboards
  const control = (e.ctrlKey || e.metaKey) && !e.altKey && !isShifted && withControl[e.key.toLowerCase()];
  const isOver = document.querySelector(control ? 'dialog[open]:not(#card)' : 'dialog[open], :popover-open');
  if (e.defaultPrevented && e.key === 'Escape' || isOver) return;
  const isField = e.target.matches('input, textarea, select, [contenteditable]');
  const isEmpty = e.target.matches('.composer textarea:placeholder-shown');
  const step = {ArrowUp: -1, ArrowDown: 1}[e.key];
  if (control || (e.altKey && step && !e.ctrlKey && !e.metaKey)) {
    e.preventDefault();
    return control ? control() : visit(step, e.shiftKey);
  }
  if (e.ctrlKey || e.metaKey || e.altKey || (isField && !isEmpty)) return;
  if (e.key === 'Escape') return escape(e, isEmpty);
  const row = e.target.closest(chat.row), c = chat.of(row ?? e.target) ?? chat.main;
  const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
  const act = (row && !e.repeat && onRow[key]) || (key === '/' && search);
  const go = {j: 1, k: -1}[key];
  if (isField || isShifted || (!act && !(go && c))) return;
  if (key === '/') e.preventDefault(); // Firefox finds in the page
  if (key.length > 1 || await areLetters()) act ? act(row) : move(c, row, go);
};
