// A click on a reaction adds the user's own, or removes it, in place. Without JavaScript it is a form's button.
chat.on('click', `${chat.row} [name=toggle]`, (button, e) => {
  e.preventDefault();
  const {list} = chat.of(button);
  const values = {toggle: button.value};
  const url = `${chat.href(button.closest('.message'))}/reactions`;
  htmx.ajax('POST', url, {source: list, target: list, swap: 'upsert-rows own:true', values});
});
