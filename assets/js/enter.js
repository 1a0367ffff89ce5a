// Enter sends a new or edited message, Shift+Enter starts a new line, and so does Enter in a code block, after an odd
// number of fences. On touch screens, whose keyboards have no other key for it, Enter does. Control+Enter
// (Command+Enter) always sends: a phone may have a hardware keyboard.
chat.on('keydown', chat.boxes, (box, e) => {
  if (e.key !== 'Enter' || e.shiftKey || e.altKey) return;
  const isInCode = box.value.slice(0, box.selectionStart).match(/^```/gm)?.length % 2;
  if ((chat.touch.matches || isInCode) && !e.ctrlKey && !e.metaKey) return;
  e.preventDefault();
  if (!e.repeat) box.form.requestSubmit();
});

// The label of the screen keyboard's Enter key. A text field may have the focus before this script runs.
const label = box => (box.enterKeyHint = chat.touch.matches ? 'enter' : 'send');
chat.on('focusin', chat.boxes, label);
document.querySelectorAll(chat.boxes).forEach(label);
