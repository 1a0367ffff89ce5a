// The name in a continued row becomes a head like that of other rows where it does not join the row above.
const joined = ':is(.message:not(.deleted), .message:not(.deleted) + .fold) + .continued';
const head = (list, name) => {
  const {author} = name.closest('.message').dataset;
  const known = list.querySelector(`[data-author="${author}"] > header > a:has(b)`);
  if (known) return known.cloneNode(true);
  const link = chat.copy('head');
  const {firstElementChild: avatar} = link;
  link.href = `/u/${author}`;
  avatar.dataset.hue = parseInt(author.slice(-2), 36) % 24; // as of the whole id: 36 * 36 is a multiple of 24
  avatar.textContent = [...(/(?!\p{Lm})\p{L}|\p{Nd}/u.exec(name.textContent) ?? name.textContent)][0].toUpperCase();
  link.append(name.cloneNode(true));
  return link;
};
chat.each(({list}) => {
  const look = () => {
    for (const b of list.querySelectorAll(`.continued:not(${joined}) > header > b`)) b.replaceWith(head(list, b));
    for (const b of list.querySelectorAll(`${joined} > header > a > b`)) b.parentElement.replaceWith(b);
  };
  new MutationObserver(look).observe(list, {childList: true}); // not the subtree: each hover changes a row
  list.addEventListener('chat:rows', look);
  look();
});
