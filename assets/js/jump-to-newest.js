// The way back to the end of the list, for someone who has scrolled up; it counts what came in meanwhile.
(() => {
  const pill = document.getElementById('newest');
  if (!pill) return;
  const scroller = document.getElementById('scroller');
  const list = document.getElementById('messages');
  const dock = pill.parentElement;
  const text = pill.querySelector('span');
  let missed = 0;

  const look = () => {
    const up = -scroller.scrollTop; // the column runs in reverse: 0 is its end
    if (up < 40) missed = 0;
    dock.toggleAttribute('data-away', up > scroller.clientHeight * 0.75 || missed > 0);
    text.textContent = missed ? `${missed} new message${missed > 1 ? 's' : ''}` : 'Jump to newest';
  };

  scroller.addEventListener('scroll', look, {passive: true});
  list.addEventListener('chat:rows', ({detail: {added}}) => {
    const others = added.filter(r => r.dataset.author !== document.body.dataset.user);
    if (scroller.scrollTop < -40 || list.dataset.newer === 'true') missed += others.length;
    look();
  });
  pill.addEventListener('click', e => {
    if (list.dataset.newer === 'true') return; // the link leads there
    e.preventDefault();
    scroller.scrollTo({top: 0, behavior: 'smooth'});
    document.getElementById('body').focus();
  });
})();
