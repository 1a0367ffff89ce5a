// Profiles, what an edited message said before, and the choice of an emoji open in a dialog.
const card = document.getElementById('card');
const links = 'a[href^="/u/"]:is([data-name], [data-initial], .message *), .message :is(.react, small > a)';
card?.addEventListener('close', () => card.replaceChildren());
chat.click(links, async link => {
  await htmx.ajax('GET', link.getAttribute('href'), {source: link, target: card, swap: 'innerHTML'});
  card.ariaLabel = link.textContent; // of what has no heading
  if (card.firstChild && !card.open) card.showModal();
});
