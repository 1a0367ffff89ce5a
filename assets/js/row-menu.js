// A row has its actions while the pointer or the focus is in it: they are copied from the page's template. On touch
// screens, without hover, a tap on a row's dots, which are its time, shows them, and the next tap removes them.
// Shows the row's actions, if it has any, and returns them. Those of rows that nobody is near are removed.
chat.actions = row => {
  for (const bar of document.querySelectorAll('.message > .actions')) {
    const old = bar.parentElement;
    if (old === row) return bar;
    if (chat.touch.matches || !old.matches(':hover, :focus-within')) bar.remove();
  }
  if (!row || row.matches('.deleted')) return;
  const bar = chat.copy('actions');
  for (const a of bar.querySelectorAll('a:not(.react)')) a.href = `${chat.href(row)}/${a.getAttribute('href')}`;
  bar.querySelector('.react').href += chat.href(row);
  row.append(bar);
  return bar;
};

chat.on('pointerover focusin', '*', near => chat.touch.matches || chat.actions(near.closest(chat.row)));
document.addEventListener('click', e => {
  if (!chat.touch.matches) return;
  const time = e.target.closest(`${chat.row} > header > a:last-child`);
  const row = time?.closest('.message:not(.deleted, :has(> .actions))');
  chat.actions(row);
  if (row) e.preventDefault(); // without actions, and on the second tap, the dots are an ordinary link
});

if (chat.touch.matches) chat.actions(document.querySelector('.highlight + .message'));
