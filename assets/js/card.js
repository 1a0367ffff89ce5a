// Profiles, earlier versions, the choice of an emoji and the menu open in a dialog. The focus returns, if need be to
// the row.
const card = document.getElementById('card');
const links = 'a[href^="/u/"]:is([data-name], [data-initial], .message *), .message :is(.react, .menu-of, small > a)';
card?.addEventListener('close', () => {
  card.replaceChildren();
  if (card.row && document.activeElement === document.body) chat.link(card.row).focus({preventScroll: true});
});
chat.click(links, async link => {
  card.row = link.closest('.message') ?? card.row;
  await htmx.ajax('GET', link.getAttribute('href'), {source: link, target: card, swap: 'innerHTML'});
  card.ariaLabel = link.textContent; // of what has no heading
  if (card.firstChild && !card.open) card.showModal();
});
