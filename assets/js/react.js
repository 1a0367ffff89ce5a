// A click on a reaction adds the user's own, or removes it, in place. Without JavaScript it is a form's button.
document.addEventListener('click', e => {
  const button = e.target.closest('.message [name=toggle]');
  const c = button && chat.of(button);
  if (!c) return;
  e.preventDefault();
  const url = `${chat.link(button.closest('.message')).getAttribute('href')}/reactions`;
  htmx.ajax('POST', url, {source: c.list, target: c.list, swap: 'upsert-rows own:true', values: {toggle: button.value}});
});
