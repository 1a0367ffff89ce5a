// The "New" line moves to where the user looked away: before the first message of others that arrived meanwhile. It is
// removed when the user posts, on any page; when the messages below it were read elsewhere or deleted; and when the
// user has read them here and looks away.
const sidebar = document.getElementById('sidebar');
chat.each(c => {
  const {list} = c;
  let set = 0; // when the line was set while nobody looked; 0 if it was not
  const line = () => list.querySelector('.new');
  const remove = () => {
    line()?.remove();
    set = 0;
  };
  list.addEventListener('chat:rows', ({detail: {rows, added}}) => {
    for (const row of added) {
      if (row.dataset.author === chat.me) remove();
      else if (!set && rows.includes(row) && !chat.looking()) {
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
  document.addEventListener('chat:look', () => {
    if (chat.looking()) {
      // Read elsewhere before it was counted: after so long the unread count would have arrived too.
      if (set && !count() && Date.now() - set > 10_000) remove();
      set = 0;
    } else if (c.read >= c.newest) remove();
  });
});
