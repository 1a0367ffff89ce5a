// A click on a reaction adds the user's own, or removes it, in place. Without JavaScript it is a form's button.
chat.click(`${chat.row} [name=toggle]`, button => {
  const {list} = chat.of(button);
  const how = {source: list, target: list, swap: 'upsert-rows own:true', values: {toggle: button.value}};
  htmx.ajax('POST', `${chat.href(button.closest('.message'))}/reactions`, how);
});
