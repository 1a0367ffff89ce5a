// The swap style profiles brings changed profiles in parts (name, picture, status, handle), and the counter as of which
// all are current. A part replaces the content of each element of its kind for its user, also in rows that come later.
const profiles = new Map(); // by user id
const inRows = {name: 'b', head: 'a:has(b)'};
const show = (root, id) => {
  for (const part of profiles.get(id)?.children ?? []) {
    const {kind} = part.dataset;
    const shown = root.querySelectorAll(`[data-${kind}="${id}"], [data-author="${id}"] > header > ${inRows[kind]}`);
    shown.forEach(e => e.replaceChildren(...part.cloneNode(true).childNodes));
  }
};
chat.swaps.profiles = (target, fragment) => {
  for (const profile of fragment.querySelectorAll('[data-profile]')) {
    profiles.set(profile.dataset.profile, profile);
    show(document, profile.dataset.profile);
  }
  target.dataset.names = fragment.querySelector('data').value;
};
document.addEventListener('chat:rows', e => e.detail.rows.forEach(row => show(row, row.dataset.author)));
