// Enter sends what one writes, a new message and a changed one alike, and Shift+Enter starts a new line. Under a finger, as
// on the keyboard of a telephone, Enter starts a new line, for there is no other key that does, and the button sends.
// Control+Enter (Command+Enter) sends everywhere: a telephone may have a real keyboard too.
(() => {
  const field = e => e.target.matches?.('#body, .message .edit textarea') && e.target;
  const touch = matchMedia('(pointer: coarse)');

  document.addEventListener('keydown', e => {
    const box = field(e);
    if (!box || e.key !== 'Enter' || e.shiftKey || e.altKey) return;
    if (touch.matches && !e.ctrlKey && !e.metaKey) return;
    e.preventDefault();
    if (!e.repeat) box.form.requestSubmit();
  });

  // What the keyboard on the screen writes on its key. The box of the page may have the focus before this is read.
  const write = box => box && (box.enterKeyHint = touch.matches ? 'enter' : 'send');
  document.addEventListener('focusin', e => write(field(e)));
  touch.addEventListener('change', () => write(field({target: document.activeElement})));
  write(document.getElementById('body'));
})();
