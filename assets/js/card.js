// A click on a user's name, picture or mention opens their profile in a dialog instead of the page, one on "(edited)"
// what a message said before, and React the choice of an emoji. Escape, a click outside and the cross close it and
// restore the focus. The bar with the React that opened it may be gone by then: its row gets another.
const card = document.getElementById('card');
const links = 'a[href^="/u/"]:is([data-name], [data-initial], .message *), .message :is(.react, small > a)';
let from, row;

card?.addEventListener('close', () => {
  card.replaceChildren();
  const back = from.isConnected ? from : chat.actions(row)?.querySelector('.react');
  (back ?? document.getElementById('main')).focus({preventScroll: true});
});
chat.on('click', links, async (link, e) => {
  if (!card?.showModal || !chat.plain(e)) return;
  e.preventDefault();
  if (!card.open) [from, row] = [link, link.closest('.message')];
  await htmx.ajax('GET', link.getAttribute('href'), {source: link, target: card, swap: 'innerHTML'});
  card.ariaLabel = link.textContent; // of what has no heading
  if (card.firstChild && !card.open) card.showModal();
});
