// Day lines in the reader's time zone: they replace the server's, which are in UTC. A line precedes the first row of a
// day that is later than all above it: the server's clock may have been set back, and no day begins twice.
const english = navigator.languages.find(l => l.startsWith('en')) ?? 'en-GB'; // like the interface
const {format: key} = new Intl.DateTimeFormat('sv'); // as 2026-11-30
const dayOf = row => (row.day ??= key(new Date(row.querySelector('time').dateTime))); // once: all rows are looked at

const words = told => {
  const now = new Date();
  const day = new Date(`${told}T00:00`);
  const ago = (Date.parse(key(now)) - Date.parse(told)) / 86_400_000;
  const year = now.getFullYear() === day.getFullYear() ? undefined : 'numeric';
  const date = {weekday: 'long', day: 'numeric', month: 'long', year};
  return ['Today', 'Yesterday'][ago] ?? day.toLocaleDateString(english, date);
};

// Other separators between two rows, such as the "New" line, come below the day line.
const between = row => {
  const e = row.previousElementSibling;
  return e && !e.matches('.message, .more, .empty') ? [...between(e), e] : [];
};

const look = c => {
  let told = '';
  for (const row of c.rows) {
    const above = between(row);
    const day = dayOf(row);
    let line = above.find(e => e.matches('.day'));
    if (day <= told) line?.remove();
    if (day <= told) continue;
    told = day;
    line ??= chat.copy('day');
    if (line !== above[0]) (above[0] ?? row).before(line);
    const now = {dateTime: told, textContent: words(told)};
    if (line.textContent !== now.textContent) Object.assign(line.firstElementChild, now);
  }
};

const all = () => chat.each(look);
document.addEventListener('chat:rows', e => look(chat.of(e.target)));
document.addEventListener('chat:look', all); // after a machine slept through midnight
setInterval(all, 30_000);
all();
