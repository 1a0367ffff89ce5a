// Enter sends what one writes, a new message and a changed one alike, and Shift+Enter starts a new line. Under a finger, as
// on the keyboard of a telephone, Enter starts a new line, for there is no other key that does, and the button sends.
// Control+Enter (Command+Enter) sends everywhere: a telephone may have a real keyboard too.
const isBox = e => e.matches?.('[data-conversation] :is(.composer, .message .edit) textarea');

document.addEventListener('keydown', e => {
  if (!isBox(e.target) || e.key !== 'Enter' || e.shiftKey || e.altKey) return;
  if (chat.touch.matches && !e.ctrlKey && !e.metaKey) return;
  e.preventDefault();
  if (!e.repeat) e.target.form.requestSubmit();
});

// What the keyboard on the screen writes on its key. A box of the page may have the focus before this is read.
const write = ({target}) => isBox(target) && (target.enterKeyHint = chat.touch.matches ? 'enter' : 'send');
document.addEventListener('focusin', write);
chat.touch.addEventListener('change', () => write({target: document.activeElement}));
chat.each(c => write({target: c.box}));
