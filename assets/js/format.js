// Formatting the text of a box, by the buttons of its form and their keys: each button says what it puts around the
// selection, before each of its lines, or behind it. Pressed again, it takes that away.
const boxOf = e => e.target.closest?.('[data-conversation] :is(.composer, .edit)')?.elements.body;

// Replaces what is selected as if it were typed, so that it can be undone.
const type = chat.type = (box, text) => {
  if (!document.execCommand(text ? 'insertText' : 'delete', false, text)) box.setRangeText(text);
};
const wrap = (box, {wrap: before, after = before}) => {
  const {selectionStart: from, selectionEnd: to, value} = box;
  const inner = value.slice(from, to);
  const isOn = value.endsWith(before, from) && from >= before.length && value.startsWith(after, to);
  if (isOn) box.setSelectionRange(from - before.length, to + after.length);
  type(box, isOn ? inner : before + inner + after);
  const start = isOn ? from - before.length : from + before.length;
  box.setSelectionRange(start, start + inner.length);
  const address = after.indexOf('(') + 1; // is typed next
  const end = start + inner.length;
  if (!isOn && inner && address) box.setSelectionRange(end + address, end + after.length - 1);
};
const prefix = (box, {prefix: mark}) => {
  const {selectionStart: from, selectionEnd: to, value} = box;
  const start = value.lastIndexOf('\n', from - 1) + 1;
  const lines = value.slice(start, to).split('\n');
  const isOn = lines.every(line => line.startsWith(mark));
  const text = lines.map(line => isOn ? line.slice(mark.length) : mark + line).join('\n');
  box.setSelectionRange(start, to);
  type(box, text);
  box.setSelectionRange(lines.length > 1 ? start : start + text.length, start + text.length);
};

document.addEventListener('click', e => {
  const {dataset} = e.target.closest('.format button') ?? {};
  const box = dataset && boxOf(e);
  if (!box) return;
  box.focus();
  if ('wrap' in dataset) wrap(box, dataset);
  if ('prefix' in dataset) prefix(box, dataset);
});
document.addEventListener('keydown', e => {
  if (!(e.ctrlKey || e.metaKey) || e.altKey || e.target !== boxOf(e)) return;
  const key = `Control+${e.shiftKey ? 'Shift+' : ''}${e.code.replace(/^(Key|Digit)/, '')}`;
  const button = e.target.form.querySelector(`[aria-keyshortcuts="${CSS.escape(key)}"]`);
  if (!button) return;
  e.preventDefault();
  button.click();
});
document.addEventListener('input', e => boxOf(e)?.form.querySelector('.preview').replaceChildren());
