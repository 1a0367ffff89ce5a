// Day lines in the reader's time zone: they replace the server's, which are in UTC. A line precedes the first row of a
// day that is later than all above it: the server's clock may have been set back, and no day begins twice.
const english = navigator.languages.find(l => l.startsWith('en')) ?? 'en-GB'; // like the interface
const {format: key} = new Intl.DateTimeFormat('sv'); // as 2026-11-30

const words = day => {
  const now = new Date();
  if (key(now) === key(day)) return 'Today';
  if (key(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)) === key(day)) return 'Yesterday';
  const year = now.getFullYear() === day.getFullYear() ? undefined : 'numeric';
  return day.toLocaleDateString(english, {weekday: 'long', day: 'numeric', month: 'long', year});
};

// Other separators between two rows, such as the "New" line, come below the day line.
const between = row => {
  const e = row.previousElementSibling;
  return e && !e.matches('.message, .more, .empty') ? [...between(e), e] : [];
};

chat.each(c => {
  const look = () => {
    let told = '';
    for (const row of c.rows) {
      const above = between(row);
      const day = new Date(row.querySelector('time').dateTime);
      let line = above.find(e => e.matches('.day'));
      if (key(day) <= told) {
        line?.remove();
        continue;
      }
      told = key(day);
      line ??= chat.copy('day');
      if (line !== above[0]) (above[0] ?? row).before(line);
      const [time] = line.children;
      time.dateTime = told;
      if (time.textContent !== words(day)) time.textContent = words(day);
    }
  };
  c.list.addEventListener('chat:rows', look);
  setInterval(look, 30_000); // for midnight, and after a machine slept through it also when the user looks again
  document.addEventListener('visibilitychange', look);
  addEventListener('focus', look);
  look();
});
