// The "New" line moves to where the user looked away: before the first message of others that arrived meanwhile. It is
// removed when the user posts, on any page; when the messages below it were read elsewhere or deleted; and when the
// user has read them here and looks away.
const late = 10_000; // by then the unread count has arrived too
const sidebar = document.getElementById('sidebar');

chat.each(c => {
  const {list} = c;
  let set = 0; // when the line was set while nobody looked; 0 if it was not
  let read = 0; // the seq up to which the user has read here
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
    else if (!c.hasNewer) remove(); // else more of them will arrive
  });

  const count = () => (c === chat.main && sidebar.querySelector('[aria-current] .unread')?.textContent) || '';
  let unread = count();
  new MutationObserver(() => {
    if (unread && !count() && !chat.looking()) remove();
    unread = count();
  }).observe(sidebar, {subtree: true, childList: true, characterData: true});
  list.addEventListener('chat:read', e => (read = e.detail));
  document.addEventListener('chat:look', () => {
    if (chat.looking()) {
      if (set && !count() && Date.now() - set > late) remove(); // read elsewhere before it was counted
      set = 0;
    } else if (read >= c.newest) remove();
  });
});
