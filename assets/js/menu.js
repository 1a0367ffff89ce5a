// A finger does not hover: a tap on a row's dots opens what can be done with it.
(() => {
  const touch = matchMedia('(pointer: coarse)');
  document.addEventListener('click', e => {
    const dots = touch.matches && e.target.closest('#messages .actions .link');
    const row = dots && dots.closest('.message');
    const open = row && 'open' in row.dataset;
    document.querySelectorAll('[data-open]').forEach(r => delete r.dataset.open);
    // Where there is nothing but the link, and on the second tap, the dots are the link.
    if (!row || open || row.dataset.author !== document.body.dataset.user) return;
    e.preventDefault();
    row.dataset.open = '';
  });
})();
