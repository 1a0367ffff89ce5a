// Each button says what it puts around the selection, before each of its lines, or behind it. Pressed again, that goes.
const type = chat.type = (box, text, from = box.selectionStart, to = box.selectionEnd) => {
  box.setSelectionRange(from, to); // and as if it were typed, so that it can be undone
  if (!document.execCommand(text ? 'insertText' : 'delete', false, text)) box.setRangeText(text);
};
const wrap = (box, {wrap: before, after = before}) => {
  let {value, selectionStart: from, selectionEnd: to} = box;
  if (before.endsWith('\n')) { // a block has lines of its own
    if (from && value[from - 1] !== '\n') before = `\n${before}`;
    if (to < value.length && value[to] !== '\n') after += '\n';
  } else { // spaces inside of the marks would undo them
    while (from < to && !value[to - 1].trim()) to--;
    while (from < to && !value[from].trim()) from++;
  }
  const inner = value.slice(from, to);
  const tick = '`'.repeat(1 + Math.max(0, ...inner.split(/[^`]+/).map(run => run.length)));
  if (before === '`' && tick !== '`') [before, after] = /^`|`$/.test(inner) ? [`${tick} `, ` ${tick}`] : [tick, tick];
  const isOn = value.endsWith(before, from) && value.startsWith(after, to);
  const isIn = value.slice(0, from).split(after.trim()).length % 2 < 1; // what follows closes, and does not open
  if (from === to && isIn && !isOn && value.startsWith(after, to)) return void (box.selectionStart = to + after.length);
  const start = isOn ? from - before.length : from + before.length;
  const end = start + inner.length;
  if (isOn) type(box, inner, start, to + after.length);
  else type(box, before + inner + after, from, to);
  const address = after.indexOf('(') + 1; // is typed next
  if (!isOn && inner && address) box.setSelectionRange(end + address, end + after.length - 1);
  else box.setSelectionRange(start, end);
};
const prefix = (box, {prefix: mark}) => {
  const {selectionStart: from, selectionEnd: to, value} = box;
  const start = value.lastIndexOf('\n', from - 1) + 1;
  const lines = value.slice(start, to).split('\n');
  const isOn = lines.every(line => line.startsWith(mark));
  const text = lines.map(line => isOn ? line.slice(mark.length) : mark + line).join('\n');
  type(box, text, start, to);
  box.setSelectionRange(lines.length > 1 ? start : start + text.length, start + text.length);
};
chat.on('click', '[data-conversation] .format button', ({dataset, form}) => {
  const box = form.elements.body;
  box.focus();
  if ('wrap' in dataset) wrap(box, dataset);
  if ('prefix' in dataset) prefix(box, dataset);
});
chat.on('keydown', chat.boxes, (box, e) => {
  if (!(e.ctrlKey || e.metaKey) || e.altKey) return;
  const key = `Control+${e.shiftKey ? 'Shift+' : ''}${e.code.replace(/^(Key|Digit)/, '')}`;
  const button = box.form.querySelector(`[aria-keyshortcuts="${CSS.escape(key)}"]`);
  if (button) e.preventDefault();
  button?.click();
});
// The preview's button shows it, and closes it again, as Escape does, and so does typing.
const hide = chat.hidePreview = form => { // false: there was none
  const preview = form?.querySelector('.preview:not(:empty)');
  preview?.replaceChildren();
  if (preview) form.querySelector('.look').ariaExpanded = false;
  return preview;
};
chat.on('input', chat.boxes, box => hide(box.form));
chat.on('htmx:after:request', '.format .look', (e, {detail}) => (e.ariaExpanded = detail.ctx.response.status < 400));
const close = (e, form) => {
  if (e.defaultPrevented || !hide(form)) return;
  e.preventDefault();
  e.stopPropagation(); // else htmx would ask for it again, or an edit close
};
document.addEventListener('click', e => close(e, e.target.closest('.format .look')?.form), true);
document.addEventListener('keydown', e => e.key === 'Escape' && close(e, e.target.form), true);
