// Counts of unread messages come together, each as id:count, with nothing behind the colon when all is read: the swap
// style count. A partial for each would cost a swap for each, and six times the bytes.
chat.swaps.count = (target, fragment) => {
  for (const one of fragment.textContent.split(' ')) {
    const [id, n] = one.split(':');
    document.getElementById('unread-' + id)?.replaceChildren(n);
  }
};
