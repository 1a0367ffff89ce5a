// Day lines, by the reader's own clock: they take the place of the server's, which go by UTC. A line stands before the first
// row of a day that is later than all above it: the server's clock may have been set back, and no day is told twice.
(() => {
  const list = document.getElementById('messages');
  if (!list) return;
  const english = navigator.languages.find(l => l.startsWith('en')) ?? 'en-GB'; // like the words around them
  const format = options => new Intl.DateTimeFormat(english, options);
  const thisYear = format({weekday: 'long', day: 'numeric', month: 'long'});
  const otherYear = format({weekday: 'long', day: 'numeric', month: 'long', year: 'numeric'});
  const date = row => new Date(row.querySelector('time').dateTime);
  const key = d => new Date(d - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  const isRow = e => e?.dataset.seq;

  const words = day => {
    const now = new Date();
    if (key(now) === key(day)) return 'Today';
    if (key(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)) === key(day)) return 'Yesterday';
    return (now.getFullYear() === day.getFullYear() ? thisYear : otherYear).format(day);
  };

  const lines = list.getElementsByClassName('day');
  const dayOf = line => line.firstElementChild.dateTime;
  const latest = row => {
    const line = [...lines].findLast(l => l.compareDocumentPosition(row) & 4); // the row follows it
    return line ? dayOf(line) : '';
  };

  // What came in above may have told of a day before a line does.
  const once = () => {
    let told = '';
    for (const line of [...lines]) {
      if (dayOf(line) <= told) line.remove();
      else told = dayOf(line);
    }
  };

  const line = day => {
    const h = document.createElement('h2');
    const t = h.appendChild(document.createElement('time'));
    h.className = 'day';
    t.dateTime = key(day);
    t.textContent = words(day);
    return h;
  };

  // Sees to the line before one row.
  const before = row => {
    let place = row;
    let old;
    let above = row.previousElementSibling;
    for (; above && !isRow(above); above = above.previousElementSibling) {
      if (above.matches('.day')) old = above;
      else if (above.matches('.more, .empty')) break;
      place = above;
    }
    const day = date(row);
    if (isRow(above) && key(day) <= latest(above)) return old?.remove();
    if (old && dayOf(old) === key(day) && old === place) return (old.firstElementChild.textContent = words(day));
    old?.remove();
    (place === old ? row : place).before(line(day));
  };

  // All are seen to again when the day is another one. A machine that slept has let midnight pass: whoever looks at the
  // page, or a row that comes in, finds out.
  let today;
  const look = () => {
    if (today === key(new Date())) return;
    today = key(new Date());
    for (const row of list.querySelectorAll('.message')) before(row);
    once();
  };

  list.addEventListener('chat:rows', ({detail: {rows}}) => {
    look();
    for (const row of rows) {
      if (!row.isConnected) continue;
      before(row);
      let next = row.nextElementSibling;
      while (next && !isRow(next)) next = next.nextElementSibling;
      if (next) before(next);
    }
    once();
  });

  look();
  setInterval(look, 30_000);
  document.addEventListener('visibilitychange', look);
  addEventListener('focus', look);
})();
