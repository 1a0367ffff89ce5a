// A click on a user's name, picture or mention opens their profile in a dialog, one on "(edited)" what a message said
// before, and React the choice of an emoji. The focus returns, and if the bar with React is gone, its row gets another.
const card = document.getElementById('card');
const links = 'a[href^="/u/"]:is([data-name], [data-initial], .message *), .message :is(.react, small > a)';
let from, row;
card?.addEventListener('close', () => {
  card.replaceChildren();
  const back = from.isConnected ? from : chat.actions(row)?.querySelector('.react');
  (back ?? document.getElementById('main')).focus({preventScroll: true});
});

chat.click(links, async link => {
  if (!card.open) [from, row] = [link, link.closest('.message')];
  await htmx.ajax('GET', link.getAttribute('href'), {source: link, target: card, swap: 'innerHTML'});
  card.ariaLabel = link.textContent; // of what has no heading
  if (card.firstChild && !card.open) card.showModal();
});
