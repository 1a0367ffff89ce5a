// Times of messages, in the reader's time zone and format.
const {format: clock} = new Intl.DateTimeFormat(undefined, {hour: 'numeric', minute: '2-digit'});
const {format: full} = new Intl.DateTimeFormat(undefined, {dateStyle: 'full', timeStyle: 'medium'});
const {format: day} = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'});
const show = row => {
  for (const t of row.querySelectorAll('time')) {
    const at = new Date(t.dateTime);
    t.textContent = clock(at);
    t.title = full(at);
  }
};
const moments = () => {
  for (const t of document.querySelectorAll('time.local-time')) t.textContent = day(new Date(t.dateTime));
};
document.querySelectorAll('.message').forEach(show);
moments();
document.addEventListener('htmx:after:swap', moments);
document.addEventListener('chat:rows', e => e.detail.rows.forEach(show));
