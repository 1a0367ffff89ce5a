// Touch screens have no hover: a tap on a row's dots shows its actions.
document.addEventListener('click', e => {
  const row = chat.touch.matches && e.target.closest('[data-conversation] .message > header > a')?.closest('.message');
  const open = row && 'open' in row.dataset;
  document.querySelectorAll('[data-open]').forEach(r => delete r.dataset.open);
  // Without actions, and on the second tap, the dots are an ordinary link.
  if (!row || open || !row.querySelector('.actions')) return;
  e.preventDefault();
  row.dataset.open = '';
});
