// Keys that an input method handles do nothing else. In Safari the last one has only the keyCode 229 to tell.
addEventListener('keydown', e => (e.isComposing || e.keyCode === 229) && e.stopImmediatePropagation(), true);
