// What people are called now. A frame tells new names once; rows that come in later may have been made before it, such
// as those of a history that was asked for meanwhile, and get them too.
//
// The swap style stamp: the page shows everyone's name as of the counter that it brings, and the names with it.
(() => {
  const names = new Map(); // by person: what they are called, and the letter of their avatar

  const show = (root, id, {name, letter}) => {
    for (const e of root.querySelectorAll(`[data-name="${id}"]`)) e.textContent = name;
    for (const e of root.querySelectorAll(`[data-initial="${id}"]`)) e.textContent = letter;
  };

  htmx.registerExtension('names', {
    handle_swap(style, target, fragment) {
      if (style !== 'stamp') return;
      for (const e of fragment.querySelectorAll('[data-name]')) {
        const now = {name: e.textContent, letter: e.dataset.letter};
        names.set(e.dataset.name, now);
        show(document, e.dataset.name, now);
      }
      target.dataset.names = fragment.querySelector('data').value;
      return [];
    },
  });

  document.addEventListener('chat:rows', ({detail: {rows}}) => {
    for (const row of rows) {
      const now = names.get(row.dataset.author);
      if (now) show(row, row.dataset.author, now);
    }
  });
})();
