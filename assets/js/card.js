// A click on a user's name, picture or mention opens their profile in a dialog instead of the page, one on "(edited)"
// what a message said before, and React the choice of an emoji. Escape, a click outside and the cross close it and
// restore the focus.
const card = document.getElementById('card');
let from;

card?.addEventListener('close', () => {
  card.replaceChildren();
  (from.isConnected ? from : document.getElementById('main')).focus({preventScroll: true});
});
document.addEventListener('click', async e => {
  const link = e.target.closest(
    'a[href^="/u/"]:is([data-name], [data-initial], .message *), .message :is(.react, small > a)',
  );
  if (!card?.showModal || !link || !chat.plain(e)) return;
  e.preventDefault();
  from = card.open ? from : link;
  await htmx.ajax('GET', link.getAttribute('href'), {source: link, target: card, swap: 'innerHTML'});
  if (card.firstChild && !card.open) card.showModal();
});
