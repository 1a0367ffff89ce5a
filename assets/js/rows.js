// The swap style upsert-rows: a newer row updates the one with its id, or is inserted by its data-seq. It waits while
// there is a gap before it, and while older messages load, whose answer may be older. Frames of the socket have no gap:
// they raise the list's data-rev, from which the next connection catches up. Answers to own forms may overtake frames.
const rev = row => +row.dataset.rev;
const seq = row => +row.dataset.seq;
const wait = ({waiting}, row) => {
  if (rev(waiting.get(row.id) ?? row) > rev(row)) return;
  waiting.set(row.id, row);
  if (waiting.size > 500) waiting.delete(waiting.keys().next().value); // the server still has it
};
// The old row gets what differs in the new one: so what plays goes on, a selection and the focus stay, its actions stay
// under the pointer, and an open form keeps its text and cursor. The user's own answer (force) closes the form.
const said = row => row.querySelector('.body')?.outerHTML.replace(/<button .*?<\/button>/g, ''); // see copy-code.js
const update = (old, row, force) => {
  if (force) old.querySelector('.edit')?.remove();
  if (rev(row) <= rev(old)) return;
  const {activeElement: at} = document;
  const stays = row.matches('.deleted') ? '.edit' : '.edit, .actions';
  for (const e of old.children) if (e.matches(stays)) row.append(e.cloneNode(true)); // it is the same, and not removed
  const isSame = said(old) === said(row);
  if (isSame) { // with Copy, and with quotes
    const [now, ...quotes] = old.querySelectorAll(':scope > :is(.body, .quote)');
    row.querySelector('.body')?.replaceWith(...[now, ...quotes].map(e => e.cloneNode(true)));
  }
  chat.morph(old, row, true);
  old.className = row.className;
  Object.assign(old.dataset, row.dataset);
  const same = `[href="${CSS.escape(at.getAttribute('href'))}"]`; // a link of a text that is rendered otherwise now
  if (!at.isConnected) (old.querySelector(same) ?? chat.link(old)).focus({preventScroll: true});
  if (!isSame) old.dispatchEvent(new Event('chat:changed', {bubbles: true}));
  return old;
};
const insert = (c, row) => {
  const at = c.rows.findLast(r => seq(r) < seq(row));
  const next = c.rows.find(r => seq(r) > seq(row));
  const older = !at && c.list.querySelector('[data-more=older]');
  if (older ? older.matches('.htmx-request') : !next && c.hasNewer) return wait(c, row);
  if (older) return; // it will arrive with the older ones
  if (next && !at) next.before(row);
  else if (at) at.after(row);
  else c.list.append(row);
  return row;
};
const upsert = (c, rows, {own, force, freed} = {}) => {
  if (!rows.length) return;
  const shown = [], added = [];
  for (const row of rows) {
    const old = c.find(row);
    const now = old ? update(old, row, force) : insert(c, row); // the row now shown, if any
    if (now) shown.push(now);
    const isAbove = seq(c.list.querySelector('.message') ?? row) > seq(row);
    if (!old && !freed && (now || (c.waiting.has(row.id) && !isAbove))) added.push(row);
  }
  c.list.dataset.id ??= rows[0].id.split('-')[1]; // of a thread that has begun
  if (!own && !force && !freed) c.list.dataset.rev = Math.max(rev(c.list), ...rows.map(rev));
  c.tell(shown, added);
  if (added.length) c.root.querySelector('.welcome')?.remove(); // it says who is there, above the first message
};
chat.swaps['upsert-rows'] = (list, {children}, spec) => {
  const rows = [...children].filter(e => e.matches('.message'));
  const top = chat.pane?.root.querySelector('.root > .message'); // a thread shows its root above the replies
  for (const row of rows) {
    if (row.dataset.seq !== top?.dataset.seq || !chat.main.owns(row)) continue;
    const copy = row.cloneNode(true);
    copy.removeAttribute('id'); // which the row of the channel has
    update(top, copy, spec.force);
    chat.pane.tell([top]);
  }
  const to = chat.of(list);
  const others = rows.filter(row => !to.owns(row)); // of a thread that was closed meanwhile, or the root of this one
  upsert(to, rows.filter(row => to.owns(row)), spec);
  if (others.length) chat.all(c => c !== to && upsert(c, others.filter(row => c.owns(row)), spec));
};
// The swap style replace-all: the list was too far behind to catch up.
chat.swaps['replace-all'] = (list, {firstElementChild: from}) => {
  const c = chat.of(list);
  c.waiting.clear();
  for (const row of list.querySelectorAll('.message:has(> .edit)')) {
    const now = from.querySelector('#' + CSS.escape(row.id));
    if (now) update(row, now);
    now?.replaceWith(row); // keeps the form and its text
  }
  Object.assign(list.dataset, from.dataset);
  const content = [...from.children];
  list.replaceChildren(...content);
  c.tell(c.rows);
  return content;
};
chat.release = c => { // more of the history has arrived
  const rows = [...c.waiting.values()];
  c.waiting.clear();
  upsert(c, rows, {freed: true});
};
