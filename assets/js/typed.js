// What is typed while a refusal is on its way stays, whatever has the focus: the form comes back with what was refused.
const fields = form => form.querySelectorAll('textarea, input:not([type=file], [type=hidden], [type=checkbox])');
const typed = new WeakMap(); // by request

document.addEventListener('htmx:before:swap', ({detail: {ctx}}) => {
  const form = ctx.sourceElement?.closest?.('form');
  if (!form || !(ctx.response?.status >= 400)) return;
  const texts = [...fields(form)].map(f => [f.name, f.value, f === document.activeElement && [f.selectionStart, f.selectionEnd]]);
  typed.set(ctx, {around: form.parentElement, action: form.getAttribute('action'), texts});
});
document.addEventListener('htmx:after:swap', ({detail: {ctx}}) => {
  const {around, action, texts} = typed.get(ctx) ?? {};
  const form = around && [...around.querySelectorAll('form')].find(f => f.getAttribute('action') === action);
  for (const [name, value, at] of form ? texts : []) {
    const field = form.elements[name];
    if (!field || field.value === value) continue;
    field.value = value;
    if (!at) continue;
    field.focus({preventScroll: true});
    field.setSelectionRange(...at);
  }
});
