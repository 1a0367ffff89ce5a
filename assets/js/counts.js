// The swap style count. Unread counts come in one partial, each as id:count, with nothing after the colon if all is
// read. A partial for each would cost a swap each, and six times the bytes.
chat.swaps.count = (target, fragment) => {
  for (const [id, n] of fragment.textContent.split(' ').map(one => one.split(':'))) {
    document.getElementById('unread-' + id)?.replaceChildren(n);
  }
};
