// Completion of what is typed, loaded at the first input in a text. The focus stays in the box:
// aria-activedescendant is what Enter and Tab choose.
const kinds = {'@': ['user', 2], '#': ['channel', 1], ':': ['emoji', 2], '/': ['command', 0]}; // and how many letters
const w = String.raw`[\p{L}\p{M}\p{N}_.+'-]`; // of words: names have up to three
const pattern = new RegExp(String.raw`((?<![\w/&])[@#:]|(?<![^])/)(${w}*|(?<=[@#])${w}+(?: ${w}+){1,2})$`, 'u');
let box, list, typed; // list: undefined while closed; a choice replaces what is typed, which ends at the cursor
let asked = 0, done = -1; // answers to earlier questions are dropped; done: where a word begins that is left alone
const active = () => list?.querySelector('[aria-selected=true]');
const mark = option => {
  active()?.setAttribute('aria-selected', false);
  option.setAttribute('aria-selected', true);
  option.scrollIntoView({block: 'nearest'});
  box.setAttribute('aria-activedescendant', option.id);
};
const show = html => {
  asked++;
  list = list?.remove();
  for (const name of ['aria-controls', 'aria-activedescendant']) box?.removeAttribute(name);
  if (!html) return;
  box.insertAdjacentHTML('beforebegin', html);
  list = box.previousElementSibling;
  box.setAttribute('aria-controls', list.id);
  mark(list.querySelector('li'));
};
const choose = option => { // false: none
  done = box.selectionStart - typed.length;
  show();
  if (option) chat.type(box, option.dataset.insert, done, done + typed.length);
};
const complete = target => {
  box = target;
  const [all, sign, q] = pattern.exec(box.value.slice(0, box.selectionStart)) ?? [];
  typed = all;
  if (!typed) done = -1;
  if (!typed || q.length < kinds[sign][1] || box.selectionStart - typed.length === done) return show();
  if (!active()?.textContent.toLowerCase().includes(q.toLowerCase())) show(); // until the answer comes
  const question = ++asked;
  setTimeout(async () => {
    const params = new URLSearchParams({kind: kinds[sign][0], q, channel: chat.of(box).list.dataset.channel});
    const html = question === asked && await fetch(`/complete?${params}`).then(a => a.ok && a.text(), () => '');
    if (question === asked) show(html);
  }, 100);
};
chat.on('input', chat.boxes, complete);
if (document.activeElement.matches(chat.boxes)) complete(document.activeElement);
document.addEventListener('submit', () => (done = -1), true); // the next text begins anew
document.addEventListener('keydown', e => { // before keys have their other meanings, such as to send
  const option = e.target === box && !(e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) && active();
  const isWhole = e.key === 'Enter' && option && option.dataset.insert.trim() === typed; // nothing is left to complete
  const next = option && {ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling'}[e.key];
  if (next) mark(option[next]?.role ? option[next] : option);
  else if (option && /^(Tab|Enter|Escape)$/.test(e.key) && !isWhole) choose(e.key !== 'Escape' && option);
  else return /^(Enter|Tab|Arrow|Home|End|Page)/.test(e.key) && show();
  e.preventDefault();
  e.stopPropagation();
}, true);
document.addEventListener('mousedown', e => {
  if (!e.target.closest('.completions')) return show();
  e.preventDefault(); // the focus stays in the box
  if (e.target.matches('li, li *')) choose(e.target.closest('li'));
});
