// Rows go to their places. Two swap styles for htmx:
//
// - upsert-rows: a row takes the place of the one with its id, if it is newer; else it goes in by its data-seq.
//   A row that is being edited here waits, and so does one that has a gap before it.
//   Frames of the socket come in order and without gaps, so they raise the list's data-rev, from which the next
//   connection catches up. The answers to one's own forms (own, force) may overtake frames, so they do not.
//   While more of the history is on its way, so does one that is above the list: the answer may be older than it.
// - replace-all: the list gets new content, because it was too far behind to catch up.
//
// Whoever cares about rows hears the event chat:rows, with the rows that were touched and those that are new.
(() => {
  const waiting = new Map(); // by id: rows that cannot be shown yet
  const most = 500;
  let asked = 0; // requests for more of the history
  const rev = row => +row.dataset.rev;
  const seq = row => +row.dataset.seq;
  const isHistory = ctx => /\?(before|after)=/.test(ctx.request?.action ?? '');
  const editing = row => row.querySelector('form');

  const wait = row => {
    if (rev(waiting.get(row.id) ?? row) > rev(row)) return;
    waiting.delete(row.id);
    waiting.set(row.id, row);
    if (waiting.size > most) waiting.delete(waiting.keys().next().value); // the server still has it
  };

  // A row whose form is open is not taken from under it.
  const hold = (old, row) => {
    wait(row);
    old.dispatchEvent(new CustomEvent('chat:held', {bubbles: true, detail: row}));
  };

  // Puts a row in, and returns what is now shown, or nothing when it is not to be shown now.
  const put = (list, row, force) => {
    const old = document.getElementById(row.id);
    if (old) {
      if (rev(row) < rev(old) || (rev(row) === rev(old) && !force)) return;
      if (editing(old) && !force) return hold(old, row);
      const newer = waiting.get(row.id);
      if (newer && rev(newer) > rev(row)) row = newer;
      waiting.delete(row.id);
      old.replaceWith(row);
      return row;
    }
    let at = list.lastElementChild;
    while (at && !(seq(at) < seq(row))) at = at.previousElementSibling;
    let next = at ? at.nextElementSibling : list.firstElementChild;
    while (next && !next.dataset.seq) next = next.nextElementSibling;
    if (!at && document.getElementById('older')) return asked ? wait(row) : undefined; // comes in with the older ones
    if (!next && list.dataset.newer === 'true') return wait(row);
    if (at) at.after(row);
    else if (next) next.before(row);
    else list.append(row);
    return row;
  };

  const above = (list, row) => seq(list.querySelector('.message') ?? row) > seq(row);

  const tell = (list, rows, added) =>
    list.dispatchEvent(new CustomEvent('chat:rows', {bubbles: true, detail: {rows, added}}));

  const upsert = (list, rows, {own, force, freed} = {}) => {
    const shown = [];
    const added = [];
    let highest = +list.dataset.rev;
    for (const row of rows) {
      const known = document.getElementById(row.id);
      highest = Math.max(highest, rev(row));
      const now = put(list, row, force);
      if (now) shown.push(now);
      if (!known && !freed && (now || (waiting.has(row.id) && !above(list, row)))) added.push(row);
    }
    if (!own && !force && !freed) list.dataset.rev = highest;
    tell(list, shown, added);
  };

  const replaceAll = (list, from) => {
    const held = [];
    waiting.clear();
    for (const form of list.querySelectorAll('.message > form')) {
      const row = form.parentElement;
      const now = from.querySelector(`[id="${row.id}"]`);
      now?.replaceWith(row); // what is being written is not lost
      if (now && rev(now) > rev(row)) held.push([row, now]);
    }
    const {epoch, newer} = from.dataset;
    Object.assign(list.dataset, {rev: rev(from), epoch, newer});
    const content = [...from.children];
    list.replaceChildren(...content);
    for (const [row, now] of held) hold(row, now);
    tell(list, content.filter(e => e.matches('.message')), []);
    return content;
  };

  htmx.registerExtension('rows', {
    handle_swap(style, target, fragment, spec) {
      if (style === 'upsert-rows') {
        upsert(target, [...fragment.children].filter(e => e.matches('.message')), spec);
        return [];
      }
      if (style === 'replace-all') return replaceAll(target, fragment.firstElementChild);
    },
  });

  // A form has left its row, or more of the history is in: what waited for that is shown now.
  document.addEventListener('chat:row-released', () => {
    const list = document.getElementById('messages');
    const rows = [...waiting.values()];
    waiting.clear();
    upsert(list, rows, {freed: true});
  });

  document.addEventListener('htmx:before:request', ({detail: {ctx}}) => {
    if (isHistory(ctx)) asked++;
  });
  document.addEventListener('htmx:finally:request', ({detail: {ctx}}) => {
    if (isHistory(ctx)) asked--;
  });
})();
