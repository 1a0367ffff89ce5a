// Times of messages, in the reader's time zone and format.
const clock = new Intl.DateTimeFormat(undefined, {hour: 'numeric', minute: '2-digit'});
const full = new Intl.DateTimeFormat(undefined, {dateStyle: 'full', timeStyle: 'medium'});
const day = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'});
const show = row => {
  for (const t of row.querySelectorAll('time')) {
    const at = new Date(t.dateTime);
    t.textContent = clock.format(at);
    t.title = full.format(at);
  }
};
const moments = () => document.querySelectorAll('time.local-time').forEach(t => (t.textContent = day.format(new Date(t.dateTime))));

document.querySelectorAll('.message').forEach(show);
moments();
document.addEventListener('htmx:after:swap', moments);
document.addEventListener('chat:rows', e => e.detail.rows.forEach(show));
