// Inserting rows. Two swap styles for htmx, which dispatch chat:rows with the touched rows and the new ones:
//
// - upsert-rows: a row replaces the one with its id, if it is newer, or is inserted by its data-seq. It waits while it
//   is edited here, while there is a gap before it, and above the list while older messages load: their answer may be
//   older than it is. Frames of the socket have no gaps: they raise the list's data-rev, from which the next connection
//   catches up. Answers to the user's own forms (own, force) may overtake frames, so they do not.
// - replace-all: replaces the list's content, because it was too far behind to catch up.
const most = 500;
const rev = row => +row.dataset.rev;
const seq = row => +row.dataset.seq;

const wait = ({waiting}, row) => {
  if (rev(waiting.get(row.id) ?? row) > rev(row)) return;
  waiting.delete(row.id);
  waiting.set(row.id, row);
  if (waiting.size > most) waiting.delete(waiting.keys().next().value); // the server still has it
};

// Rows with an open form are not replaced until it closes.
const hold = (c, old, row) => {
  wait(c, row);
  old.dispatchEvent(new CustomEvent('chat:held', {bubbles: true, detail: row}));
};

const replace = (c, old, row, force) => {
  if (rev(row) < rev(old) || (rev(row) === rev(old) && !force)) return;
  if (old.querySelector('.edit') && !force) return hold(c, old, row);
  const newer = c.waiting.get(row.id);
  if (newer && rev(newer) > rev(row)) row = newer;
  c.waiting.delete(row.id);
  const {activeElement: at} = document;
  const bar = !row.matches('.deleted') && old.querySelector(':scope > .actions');
  if (bar) row.append(bar); // it stays under the pointer, and keeps the focus
  const same = old.contains(at) && row.querySelector(`[data-reaction="${at.dataset.reaction}"]`); // a reaction keeps it too
  old.replaceWith(row);
  if (same || row.contains(at)) (same || at).focus({preventScroll: true});
  return row;
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
  const shown = [];
  const added = [];
  for (const row of rows) {
    const old = c.find(row);
    // The row now shown, if any.
    const now = old ? replace(c, old, row, force) : insert(c, row);
    if (now) shown.push(now);
    const isAbove = seq(c.list.querySelector('.message') ?? row) > seq(row);
    if (!old && !freed && (now || (c.waiting.has(row.id) && !isAbove))) added.push(row);
  }
  if (!own && !force && !freed) c.list.dataset.rev = Math.max(rev(c.list), ...rows.map(rev));
  c.tell(shown, added);
};

chat.swaps['replace-all'] = (list, {firstElementChild: from}) => {
  const c = chat.of(list);
  const held = [];
  c.waiting.clear();
  for (const form of list.querySelectorAll('.message > .edit')) {
    const row = form.parentElement;
    const now = from.querySelector('#' + CSS.escape(row.id));
    now?.replaceWith(row); // keeps the form and its text
    if (now && rev(now) > rev(row)) held.push([row, now]);
  }
  const {epoch, newer} = from.dataset;
  Object.assign(list.dataset, {rev: rev(from), epoch, newer});
  const content = [...from.children];
  list.replaceChildren(...content);
  for (const [row, now] of held) hold(c, row, now);
  c.tell(c.rows);
  return content;
};

chat.swaps['upsert-rows'] = (list, {children}, spec) => {
  upsert(chat.of(list), [...children].filter(e => e.matches('.message')), spec);
};

// A form was closed, or more of the history has arrived: rows that waited for it may be shown.
chat.release = c => {
  const rows = [...c.waiting.values()];
  c.waiting.clear();
  upsert(c, rows, {freed: true});
};
