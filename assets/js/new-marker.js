// The "New" line moves before the first message of others that arrives while the user looks away. It goes when the user
// posts, on any page, when what is below it was read elsewhere or deleted, or when it was read and the user looks away.
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
  list.addEventListener('chat:unread', ({detail: read}) => {
    c.rows.find(row => +row.dataset.seq > read)?.before(line() ?? chat.copy('new'));
  });
  const count = () => c === chat.main && document.querySelector('#sidebar [aria-current] .unread')?.textContent;
  let unread = count();
  document.addEventListener('chat:look', () => {
    const isRead = chat.looking()
      ? set && !count() && Date.now() - set > 10_000 // elsewhere, before it was counted: else its count would be here
      : c.read >= c.newest || (unread && !count());
    if (isRead) remove();
    if (chat.looking()) set = 0;
    unread = count();
  });
});
