// A finger does not hover: a tap on the dots of a row opens what can be done with it.
document.addEventListener('click', e => {
  const row = chat.touch.matches && e.target.closest('[data-conversation] .message > header > a')?.closest('.message');
  const open = row && 'open' in row.dataset;
  document.querySelectorAll('[data-open]').forEach(r => delete r.dataset.open);
  // With nothing to do there, and on the second tap, the dots are the link that they are.
  if (!row || open || !row.querySelector('.actions')) return;
  e.preventDefault();
  row.dataset.open = '';
});
