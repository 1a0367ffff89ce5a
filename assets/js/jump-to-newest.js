// The link to the end of the list, for a user who has scrolled up; it counts the messages that have arrived since.
chat.each(c => {
  const link = c.root.querySelector('.jump');
  const text = link.querySelector('span'), first = text.textContent;
  let missed = 0;
  const look = () => {
    if (c.atEnd) missed = 0;
    const isFar = -c.scroller.scrollTop > c.scroller.clientHeight * 0.75;
    link.parentElement.toggleAttribute('data-away', isFar || missed > 0);
    text.textContent = missed ? `${missed} new message${missed > 1 ? 's' : ''}` : first;
  };
  const scrolled = () => {
    look();
    chat.load('back'); // notes the place, and shows it after Back
  };
  c.scroller.addEventListener('scroll', scrolled, {passive: true});
  if (history.state) scrolled();
  c.list.addEventListener('chat:rows', ({detail: {added}}) => {
    if (!c.atEnd || c.hasNewer) missed += added.filter(r => r.dataset.author !== chat.me).length;
    look();
  });
  link.addEventListener('click', e => {
    if (c.hasNewer) return; // the link navigates there
    e.preventDefault();
    c.scroller.scrollTo({top: 0, behavior: 'smooth'});
    c.box.focus();
  });
});
