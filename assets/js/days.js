// Day lines, by the reader's own clock: they take the place of the server's, which go by UTC. A line stands before the first
// row of a day that is later than all above it: the server's clock may have been set back, and no day is told twice.
const english = navigator.languages.find(l => l.startsWith('en')) ?? 'en-GB'; // like the words around them
const thisYear = new Intl.DateTimeFormat(english, {weekday: 'long', day: 'numeric', month: 'long'});
const otherYear = new Intl.DateTimeFormat(english, {weekday: 'long', day: 'numeric', month: 'long', year: 'numeric'});
const key = d => new Date(d - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

const words = day => {
  const now = new Date();
  if (key(now) === key(day)) return 'Today';
  if (key(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1)) === key(day)) return 'Yesterday';
  return (now.getFullYear() === day.getFullYear() ? thisYear : otherYear).format(day);
};

chat.each(({list}) => {
  // What else stands between two rows, such as the "New" line, is below the day.
  const look = () => {
    let told = '';
    let top; // the first of what stands above the next row
    let line; // and the day line among it
    for (const e of [...list.children]) {
      if (!e.dataset.seq) {
        if (e.matches('.day')) line = e;
        top = e.matches('.more, .empty') ? undefined : top ?? e;
        continue;
      }
      const day = new Date(e.querySelector('time').dateTime);
      if (key(day) <= told) {
        line?.remove();
      } else {
        told = key(day);
        line ??= chat.copy('day');
        if (line !== top) (top ?? e).before(line);
        const [time] = line.children;
        time.dateTime = told;
        if (time.textContent !== words(day)) time.textContent = words(day);
      }
      top = line = undefined;
    }
  };

  // All are seen to again as rows come in, and when the day is another one: a machine that slept has let midnight pass, and
  // whoever looks at the page finds out.
  list.addEventListener('chat:rows', look);
  setInterval(look, 30_000);
  document.addEventListener('visibilitychange', look);
  addEventListener('focus', look);
  look();
});
