// Keys that an input method handles, such as Enter to accept a suggestion, do nothing else. Not every browser sets
// isComposing: Safari ends the composition before its last key, which then has the keyCode 229.
addEventListener('keydown', e => {
  if (e.isComposing || e.keyCode === 229) e.stopImmediatePropagation();
}, true);
