// Inserting rows. Two swap styles for htmx, which dispatch chat:rows with the touched rows and the new ones:
// - upsert-rows: a newer row updates the one with its id, or is inserted by its data-seq. It waits while there is a gap
//   before it, and above the list while older messages load: their answer may be older than it is. Frames of the socket
//   have no gaps: they raise the list's data-rev, from which the next connection catches up. Answers to the user's own
//   forms (own, force) may overtake frames, so they do not.
// - replace-all: replaces the list's content, because it was too far behind to catch up.
const rev = row => +row.dataset.rev;
const seq = row => +row.dataset.seq;
const wait = ({waiting}, row) => {
  if (rev(waiting.get(row.id) ?? row) > rev(row)) return;
  waiting.set(row.id, row);
  if (waiting.size > 500) waiting.delete(waiting.keys().next().value); // the server still has it
};

// The old row gets what differs in the new one: so what plays goes on, a selection stays, its actions stay under the
// pointer, and an open form keeps its text and cursor. Its head stays, which other scripts keep current. A link or
// button that has the focus passes it on. The user's own answer (force) closes the form.
const bare = body => body.outerHTML.replace(/<button .*?<\/button>/g, ''); // without those of copy-code.js
const isSame = (a, b) => {
  if (a.matches('header') && b.matches('header')) return a.matches('.continued > *') === b.matches('.continued > *');
  return a.matches('.body') ? b.matches('.body') && bare(a) === bare(b) : a.isEqualNode(b);
};

const update = (old, row, force) => {
  if (force) old.querySelector('.edit')?.remove();
  if (rev(row) <= rev(old)) return;
  const {activeElement: at} = document;
  const had = ['value', 'href'].find(name => at.hasAttribute(name));
  const same = old.contains(at) && had && `${at.localName}[${had}="${CSS.escape(at.getAttribute(had))}"]`;
  const stays = row.matches('.deleted') ? '.edit' : '.edit, .actions';
  const said = old.querySelector('.body');
  const before = [...old.children].filter(e => !e.matches(stays));
  const now = [...row.children].map(e => before.find(b => isSame(b, e)) ?? e);
  for (const e of before) if (!now.includes(e)) e.remove();
  now.forEach((e, i) => e === old.children[i] || old.insertBefore(e, old.children[i]));
  old.className = row.className;
  Object.assign(old.dataset, row.dataset);
  if (same && !at.isConnected) old.querySelector(same)?.focus({preventScroll: true});
  if (old.querySelector('.edit') && old.querySelector('.body') !== said) {
    old.dispatchEvent(new Event('chat:changed', {bubbles: true}));
  }
  return old;
};

const insert = (c, row) => {
  const at = c.rows.findLast(r => seq(r) < seq(row));
  const next = c.rows.find(r => seq(r) > seq(row));
  const older = !at && c.list.querySelector('[data-more=older]');
  if (older) return older.matches('.htmx-request') ? wait(c, row) : undefined; // it will arrive with the older ones
  if (!next && c.hasNewer) return wait(c, row);
  if (at) at.after(row);
  else if (next) next.before(row);
  else c.list.append(row);
  return row;
};

const upsert = (c, rows, {own, force, freed} = {}) => {
  const shown = [], added = [];
  for (const row of rows) {
    const old = c.find(row);
    const now = old ? update(old, row, force) : insert(c, row); // the row now shown, if any
    if (now) shown.push(now);
    const isAbove = seq(c.list.querySelector('.message') ?? row) > seq(row);
    if (!old && !freed && (now || (c.waiting.has(row.id) && !isAbove))) added.push(row);
  }
  if (!own && !force && !freed) c.list.dataset.rev = Math.max(rev(c.list), ...rows.map(rev));
  c.tell(shown, added);
  // It says who is present, above the first new message, which would push it along.
  if (added.length) c.root.querySelector('.welcome')?.remove();
};

chat.swaps['upsert-rows'] = (list, {children}, spec) => {
  upsert(chat.of(list), [...children].filter(e => e.matches('.message')), spec);
};

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

// More of the history has arrived: rows that waited for it may be shown.
chat.release = c => {
  const rows = [...c.waiting.values()];
  c.waiting.clear();
  upsert(c, rows, {freed: true});
};
