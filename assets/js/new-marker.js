// The "New" line moves to where one looked away: before the first message of others that came while nobody looked at the
// page. It goes when one answers, on whichever page, when the messages below it were read elsewhere or deleted, and when one
// who has read them here looks away.
const late = 10_000; // by then the count of what came has come too

chat.each(c => {
  const {list} = c;
  const sidebar = document.getElementById('sidebar');
  let set = 0; // when the line was set, since nobody looks; 0 if it was not
  let read = 0; // the number up to which one has read here

  const line = () => list.querySelector('.new');
  const remove = () => {
    line()?.remove();
    set = 0;
  };

  list.addEventListener('chat:rows', ({detail: {rows, added}}) => {
    for (const row of added) {
      if (row.dataset.author === chat.me) {
        remove();
      } else if (!set && rows.includes(row) && !chat.looking()) {
        row.before(line() ?? chat.copy('new'));
        set = Date.now();
      }
    }
    if (!line()) return;
    const first = list.querySelector('.new ~ .message:not(.deleted)');
    if (first) first.before(line());
    else if (!c.hasNewer) remove(); // else more of them are still to come in
  });

  const count = () => (c === chat.main && sidebar.querySelector('[aria-current] .unread')?.textContent) || '';
  let unread = count();
  new MutationObserver(() => {
    const before = unread;
    unread = count();
    if (before && !unread && !chat.looking()) remove();
  }).observe(sidebar, {subtree: true, childList: true, characterData: true});

  list.addEventListener('chat:read', e => (read = e.detail));
  document.addEventListener('chat:look', () => {
    if (chat.looking()) {
      if (set && !count() && Date.now() - set > late) remove(); // it was read elsewhere before it was counted
      set = 0;
    } else if (read >= c.newest) remove();
  });
});
