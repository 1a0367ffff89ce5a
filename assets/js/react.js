// A click on a reaction adds the user's own, or removes it, in place; one on a link preview's button removes that.
// Without JavaScript they are forms' buttons.
document.addEventListener('click', e => {
  const button = e.target.closest('.message [name=toggle], .link-preview [name=url]');
  const c = button && chat.of(button);
  if (!c) return;
  e.preventDefault();
  const url = button.form?.getAttribute('action') ?? `${chat.link(button.closest('.message')).getAttribute('href')}/reactions`;
  htmx.ajax('POST', url, {source: c.list, target: c.list, swap: 'upsert-rows own:true', values: {[button.name]: button.value}});
});
