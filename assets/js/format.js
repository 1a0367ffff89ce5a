// Formatting the text of a box, by the buttons of its form and their keys: each button says what it puts around the
// selection, before each of its lines, or behind it. Pressed again, it takes that away.
// Replaces what is selected as if it were typed, so that it can be undone.
const type = chat.type = (box, text) => {
  if (!document.execCommand(text ? 'insertText' : 'delete', false, text)) box.setRangeText(text);
};

const wrap = (box, {wrap: before, after = before}) => {
  const {value} = box;
  let {selectionStart: from, selectionEnd: to} = box;
  if (before.endsWith('\n')) { // a block has lines of its own
    if (from && value[from - 1] !== '\n') before = `\n${before}`;
    if (to < value.length && value[to] !== '\n') after += '\n';
  } else { // spaces inside of the marks would undo them
    while (from < to && !value[to - 1].trim()) to--;
    while (from < to && !value[from].trim()) from++;
  }
  const inner = value.slice(from, to);
  if (before === '`' && inner.includes('`')) { // code with backticks is between more of them
    const ticks = '`'.repeat(1 + Math.max(...inner.match(/`+/g).map(run => run.length)));
    [before, after] = /^`|`$/.test(inner) ? [`${ticks} `, ` ${ticks}`] : [ticks, ticks];
  }
  box.setSelectionRange(from, to);
  const isOn = value.endsWith(before, from) && from >= before.length && value.startsWith(after, to);
  if (isOn) box.setSelectionRange(from - before.length, to + after.length);
  type(box, isOn ? inner : before + inner + after);
  const start = isOn ? from - before.length : from + before.length;
  const end = start + inner.length;
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
  box.setSelectionRange(start, to);
  type(box, text);
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
  if (!button) return;
  e.preventDefault();
  button.click();
});

// The preview's button shows it, and closes it again, as Escape does, and so does typing.
const hide = chat.hidePreview = form => { // whether there was one
  const preview = form.querySelector('.preview');
  const was = preview?.firstChild;
  preview?.replaceChildren();
  form.querySelector('.look')?.setAttribute('aria-expanded', false);
  return was;
};

chat.on('input', chat.boxes, box => hide(box.form));
chat.on('click', '.format .look', look => (look.ariaExpanded = true)); // unless that is stopped below

const close = (e, form) => {
  if (!form || e.defaultPrevented || !hide(form)) return;
  e.preventDefault();
  e.stopPropagation(); // else htmx would ask for it again, or an edit close
};
document.addEventListener('click', e => close(e, e.target.closest('.format .look')?.form), true);
document.addEventListener('keydown', e => e.key === 'Escape' && close(e, e.target.form), true);
