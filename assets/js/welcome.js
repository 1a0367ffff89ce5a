// The line about who is present is removed at the first new message, which would push it along.
document.addEventListener('chat:rows', ({target: list, detail: {added}}) => {
  if (added.length) chat.of(list).root.querySelector('.welcome')?.remove();
});
