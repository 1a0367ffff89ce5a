// Older and newer messages come in without a jump, and without being read out as if they had just been said: the swap style
// history, for the link that they take the place of.
chat.swaps.history = (link, fragment) => {
  const c = chat.of(link);
  const {list, scroller} = c;
  list.ariaBusy = 'true';
  // At its very end the column would follow what is added there: hold on to a row instead.
  const edge = scroller.getBoundingClientRect().top;
  const anchor = c.rows.find(row => row.getBoundingClientRect().bottom > edge);
  const top = anchor?.getBoundingClientRect().top;

  const content = [...fragment.children];
  link.replaceWith(...content);
  if (link.dataset.more === 'newer' && !content.some(e => e.matches('.more'))) list.dataset.newer = 'false';
  c.tell(c.rows);
  chat.release(c); // what came meanwhile is newer than the answer, or goes after its last page
  if (anchor?.isConnected) scroller.scrollTop += anchor.getBoundingClientRect().top - top;
  setTimeout(() => (list.ariaBusy = null), 500);
  return content.filter(e => e.isConnected);
};
