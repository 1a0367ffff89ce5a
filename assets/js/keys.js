// What keys do, loaded with the first that may mean something: see shortcut.js.
const card = document.getElementById('card');
// Shows a page's fragment in the dialog, or closes that.
const show = async (path, part, words) => {
  if (card.querySelector(part)) return card.close();
  if (!card.open) card.row = null; // the focus goes back to where it was
  await htmx.ajax('GET', path, {target: card, swap: 'innerHTML'});
  card.ariaLabel = words;
  if (card.firstChild && !card.open) card.showModal();
  card.querySelector('[autofocus]')?.focus();
};
chat.key = e => {
  const control = (e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey;
  if (!control || e.key.toLowerCase() !== 'k' || document.querySelector('dialog[open]:not(#card)')) return;
  e.preventDefault();
  show('/switch', '.switcher', 'Go to');
};
