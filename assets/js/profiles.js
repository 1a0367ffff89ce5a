// Current profiles: name, picture, status, handle. A frame sends a new profile once; rows that arrive later, such as a
// history requested earlier, may show an older one and are updated too.
//
// The swap style profiles brings the counter as of which all profiles are current, and the changed profiles. Each part
// of a profile replaces the content of every element of that kind for that user. Rows name their author once: parts of
// their heads are found from there.
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
