// Enter sends, but not with Shift, in a code block, or on touch screens, which have no other key for a new line.
chat.on('keydown', chat.boxes, (box, e) => {
  if (e.key !== 'Enter' || e.shiftKey || e.altKey) return;
  const isInCode = box.value.slice(0, box.selectionStart).match(/^```/gm)?.length % 2;
  if ((chat.touch.matches || isInCode) && !e.ctrlKey && !e.metaKey) return;
  e.preventDefault();
  if (!e.repeat) box.form.requestSubmit();
});
