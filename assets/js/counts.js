// The swap style count: unread counts as id:count, with nothing after the colon if all is read.
chat.swaps.count = (target, fragment) => {
  for (const [id, n] of fragment.textContent.split(' ').map(one => one.split(':'))) {
    document.getElementById('unread-' + id)?.replaceChildren(n);
  }
};
