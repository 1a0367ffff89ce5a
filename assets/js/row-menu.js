// A row has its actions while the pointer or the focus is in it: they are copied from the page's template. Touch screens
// have no hover: there a tap on a row's dots, which are its time, shows its actions, and the next tap removes them.
const rows = '[data-conversation] .message';

// Shows the actions of a row, removes those that nobody is near, and returns the row's.
chat.actions = row => {
  for (const bar of document.querySelectorAll('.message > .actions')) {
    const near = chat.touch.matches ? '.none' : ':hover, :focus-within';
    if (bar.parentElement !== row && !bar.parentElement.matches(near)) bar.remove();
  }
  if (!row || row.matches('.deleted')) return;
  const shown = row.querySelector(':scope > .actions');
  if (shown) return shown;
  const bar = chat.copy('actions');
  for (const a of bar.querySelectorAll('a')) a.href = `${chat.link(row).getAttribute('href')}/${a.getAttribute('href')}`;
  row.append(bar);
  return bar;
};
for (const near of ['pointerover', 'focusin']) {
  document.addEventListener(near, e => chat.touch.matches || chat.actions(e.target.closest?.(rows)));
}
document.addEventListener('click', e => {
  if (!chat.touch.matches) return;
  const row = e.target.closest(`${rows} > header > a:last-child`)?.closest('.message:not(.deleted, :has(> .actions))');
  chat.actions(row);
  // Without actions, and on the second tap, the dots are an ordinary link.
  if (row) e.preventDefault();
});
if (chat.touch.matches) chat.actions(document.querySelector('.highlight + .message'));
