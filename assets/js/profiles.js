// What people look like now: name, picture, status, handle. A frame tells a new profile once; rows that come in later may
// have been made before it, such as those of a history that was asked for meanwhile, and get it too.
//
// The swap style profiles: the page shows everyone's profile as of the counter that it brings, and the profiles with it. What is
// in a part of one goes into every element that stands for that person in that kind.
const profiles = new Map(); // by person

const show = (root, id) => {
  for (const part of profiles.get(id)?.children ?? []) {
    const shown = root.querySelectorAll(`[data-${part.dataset.kind}="${id}"]`);
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
