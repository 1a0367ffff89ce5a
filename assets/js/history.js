// The swap style history: messages replace the link that loads them, without a jump, and are not announced as new.
chat.swaps.history = (link, fragment) => {
  const c = chat.of(link), {list, scroller} = c;
  list.ariaBusy = 'true';
  // At its very end the column would follow content added there: a row is kept in place instead.
  const edge = scroller.getBoundingClientRect().top;
  const anchor = c.rows.find(row => row.getBoundingClientRect().bottom > edge);
  const top = anchor?.getBoundingClientRect().top;
  const content = [...fragment.children];
  link.replaceWith(...content);
  if (link.dataset.more === 'newer' && !content.some(e => e.matches('.more'))) list.dataset.newer = 'false';
  c.tell(c.rows);
  chat.release(c); // rows that arrived meanwhile are newer than the answer, or follow its last page
  if (anchor?.isConnected) scroller.scrollTop += anchor.getBoundingClientRect().top - top;
  setTimeout(() => (list.ariaBusy = null), 500);
  return content.filter(e => e.isConnected);
};
