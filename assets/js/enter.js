// Enter sends a new or edited message, Shift+Enter starts a new line. On touch screens, whose keyboards have no other
// key for it, Enter does. Control+Enter (Command+Enter) always sends: a phone may have a hardware keyboard.
document.addEventListener('keydown', e => {
  if (!chat.isBox(e.target) || e.key !== 'Enter' || e.shiftKey || e.altKey) return;
  if (chat.touch.matches && !e.ctrlKey && !e.metaKey) return;
  e.preventDefault();
  if (!e.repeat) e.target.form.requestSubmit();
});

// The label of the screen keyboard's Enter key. A text field may have the focus before this script runs.
const write = ({target}) => chat.isBox(target) && (target.enterKeyHint = chat.touch.matches ? 'enter' : 'send');
document.addEventListener('focusin', write);
chat.touch.addEventListener('change', () => write({target: document.activeElement}));
chat.each(c => write({target: c.box}));
