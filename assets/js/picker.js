// The choice of an emoji, each time that it opens: arrows move in the grid, and Enter in the search takes the first.
const picker = document.querySelector('.picker'); // null if it was closed before this script came
picker?.addEventListener('keydown', e => {
  const all = [...picker.querySelectorAll('.choices button')];
  const at = all.indexOf(e.target);
  const search = picker.querySelector('[type=search]');
  const across = Math.floor(picker.querySelector('.choices')?.clientWidth / all[0]?.offsetWidth);
  const step = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across}[e.key];
  if (e.target === search && e.key === 'Enter') all[0]?.click();
  else if (e.target === search && e.key === 'ArrowDown') all[0]?.focus();
  else if (at >= 0 && step) (all[at + step] ?? (step < 0 ? search : e.target)).focus();
  else return;
  e.preventDefault();
});
picker?.addEventListener('submit', e => e.target.method === 'post' && picker.closest('dialog')?.close());
