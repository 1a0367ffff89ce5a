// Back leads to where the reader was in a channel. Pages are not kept by the browser, so the history's entry holds the
// first row in view and its offset. A row that the page does not have is shown by its permalink.
const c = chat.main, {scroller} = c;
const offset = row => row.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
const note = () => {
  const row = c.atEnd && !c.hasNewer ? null : c.rows.find(r => r.getBoundingClientRect().height + offset(r) > 0);
  history.replaceState(row && {seq: row.dataset.seq, top: offset(row)}, '');
};
let timer;
const soon = () => {
  clearTimeout(timer);
  timer = setTimeout(note, 100); // browsers refuse to replace it often
};
const restore = ({seq, top}) => {
  const row = c.rows.find(r => r.dataset.seq === seq);
  if (!row) return location.replace(`${c.list.dataset.href}/${seq}`);
  let still = 30, most = 300; // frames: rows get their heights when they come near the view, and move this one
  const hold = () => {
    if (still-- <= 0 || most-- <= 0) return;
    const moved = offset(row) - top;
    if (Math.abs(moved) >= 1) still = 30; // a slow machine takes many
    scroller.scrollTop += moved;
    requestAnimationFrame(hold);
  };
  for (const type of ['wheel', 'pointerdown', 'keydown']) addEventListener(type, () => (most = 0), {once: true});
  hold();
};
if (history.state?.seq) restore(history.state);
scroller.addEventListener('scroll', soon, {passive: true});
addEventListener('click', note, true); // which may lead away, or to a thread, whose entry has no place yet
soon();
