// Day lines in the reader's time zone replace the server's, in UTC. No day begins twice, even if a clock was set back.
const english = navigator.languages.find(l => l.startsWith('en')) ?? 'en-GB'; // like the interface
const {format: key} = new Intl.DateTimeFormat('sv'); // as 2026-11-30
const dayOf = row => (row.day ??= key(new Date(row.querySelector('time').dateTime))); // once: all rows are looked at
const words = told => {
  const now = key(new Date());
  const ago = (Date.parse(now) - Date.parse(told)) / 86_400_000;
  const year = now.slice(0, 4) === told.slice(0, 4) ? undefined : 'numeric';
  const date = {weekday: 'long', day: 'numeric', month: 'long', year};
  return ['Today', 'Yesterday'][ago] ?? new Date(`${told}T00:00`).toLocaleDateString(english, date);
};
const look = c => {
  let told = '', between = []; // other separators above a row, such as the "New" line, come below the day line
  for (const row of [...c.list.children]) {
    const above = between;
    between = row.matches('.message, .more, .empty') ? [] : [...between, row];
    if (!row.matches('.message')) continue;
    const day = dayOf(row);
    let line = above.find(e => e.matches('.day'));
    if (day <= told) line?.remove();
    if (day <= told) continue;
    told = day;
    line ??= chat.copy('day');
    if (line !== above[0]) (above[0] ?? row).before(line);
    const now = {dateTime: told, textContent: words(told)};
    if (line.textContent !== now.textContent) Object.assign(line.querySelector('time'), now);
  }
};
const all = () => chat.all(look);
document.addEventListener('chat:rows', e => look(chat.of(e.target)));
document.addEventListener('chat:look', all); // after a machine slept through midnight
setInterval(all, 30_000);
all();
