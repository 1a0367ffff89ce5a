// A row has its actions while the pointer or the focus is in it; on touch screens after a tap on its time (dots there).
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
const outside = 'body :not(dialog, dialog *)'; // what opened a dialog stays, and gets the focus back
chat.on('pointerover focusin', outside, near => chat.touch.matches || chat.actions(near.closest(chat.row)));
document.addEventListener('click', e => {
  if (!chat.touch.matches) return;
  const time = e.target.closest(`${chat.row} > header > a:last-child`); // as dots
  const row = time?.closest('.message:not(.deleted, :has(> .actions))');
  chat.actions(row);
  if (row) e.preventDefault(); // without actions, and on the second tap, the dots are an ordinary link
});
if (chat.touch.matches) chat.actions(document.querySelector('.highlight + .message'));
