// The swap style count: unread counts as id:count, and :number of those that are written to the user if there are any.
// Nothing follows the first colon if all is read.
chat.swaps.count = (target, fragment) => {
  for (const [id, n, addressed = ''] of fragment.textContent.split(' ').map(one => one.split(':'))) {
    const count = document.getElementById('unread-' + id);
    count?.replaceChildren(n);
    count?.parentElement.querySelector('.badge').replaceChildren(addressed);
  }
};
