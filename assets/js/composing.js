// A key that an input method takes, as Enter to accept what it offers, is the input method's alone: no behaviour hears of
// it. Not every browser calls it isComposing: Safari ends the composition before its last key, which then has the code 229.
addEventListener('keydown', e => {
  if (e.isComposing || e.keyCode === 229) e.stopImmediatePropagation();
}, true);
