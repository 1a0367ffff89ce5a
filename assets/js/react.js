// A click on a reaction adds the user's own, or removes it, in place; one on a link preview's button removes that.
chat.click(`${chat.row} :is([name=toggle], .link-preview [name=url])`, button => {
  const {list} = chat.of(button), values = {[button.name]: button.value};
  const url = button.form?.getAttribute('action') ?? `${chat.href(button.closest('.message'))}/reactions`;
  htmx.ajax('POST', url, {source: list, target: list, swap: 'upsert-rows own:true', values});
});
