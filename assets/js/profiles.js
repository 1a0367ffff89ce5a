// What people look like now: name, picture, status, handle. A frame tells a new face once; rows that come in later may
// have been made before it, such as those of a history that was asked for meanwhile, and get it too.
//
// The swap style profiles: the page shows everyone's face as of the counter that it brings, and the faces with it. A face
// has an element for each of the kinds, in their order: what is in it goes into every element of that kind.
(() => {
  const faces = new Map(); // by person
  const kinds = ['name', 'initial', 'mood', 'status', 'handle'];

  const show = (root, id, face) => kinds.forEach((kind, i) => {
    for (const e of root.querySelectorAll(`[data-${kind}="${id}"]`)) e.replaceChildren(...face.children[i].cloneNode(true).childNodes);
  });

  htmx.registerExtension('profiles', {
    handle_swap(style, target, fragment) {
      if (style !== 'profiles') return;
      for (const face of fragment.querySelectorAll('[data-face]')) {
        faces.set(face.dataset.face, face);
        show(document, face.dataset.face, face);
      }
      target.dataset.names = fragment.querySelector('data').value;
      return [];
    },
  });

  document.addEventListener('chat:rows', ({detail: {rows}}) => {
    for (const row of rows) {
      const face = faces.get(row.dataset.author);
      if (face) show(row, row.dataset.author, face);
    }
  });
})();
