// A continued row shows its head where it does not join the row above, such as below a day line: see message.css. It
// has only its author's name, which then becomes a link with the avatar, as on the other rows of the author.
const joined = ':is(.message:not(.deleted), .message:not(.deleted) + .fold) + .continued';
const head = (author, name) => {
  const known = document.querySelector(`[data-author="${author}"] > header > a:has(b)`);
  if (known) return known.cloneNode(true);
  const link = chat.copy('head');
  const {firstChild: avatar} = link;
  link.href = `/u/${author}`;
  avatar.dataset.hue = parseInt(author.slice(-2), 36) % 24; // as the whole id modulo 24: 36 * 36 is a multiple of it
  avatar.textContent = (/(?!\p{Lm})[\p{L}\p{Nd}]/u.exec(name.textContent)?.[0] ?? [...name.textContent][0]).toUpperCase();
  link.append(name.cloneNode(true));
  return link;
};

chat.each(({list}) => {
  const look = () => {
    for (const name of list.querySelectorAll(`.continued:not(${joined}) > header > b`)) {
      name.replaceWith(head(name.closest('.message').dataset.author, name));
    }
    for (const link of list.querySelectorAll(`${joined} > header > a:has(b)`)) link.replaceWith(link.querySelector('b'));
  };
  new MutationObserver(look).observe(list, {childList: true});
  look();
});
