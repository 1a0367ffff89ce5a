// Times of messages, in the reader's time zone and format.
const {format: clock} = new Intl.DateTimeFormat(undefined, {hour: 'numeric', minute: '2-digit'});
const {format: full} = new Intl.DateTimeFormat(undefined, {dateStyle: 'full', timeStyle: 'medium'});
const {format: day} = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'});
const show = row => row.querySelectorAll('time').forEach(t => {
  const at = new Date(t.dateTime);
  const isLong = t.matches('.replies *, .kept *') && at.toDateString() !== new Date().toDateString();
  Object.assign(t, {textContent: (isLong ? day : clock)(at), title: full(at)});
});
const say = t => (t.textContent = day(new Date(t.dateTime)));
const moments = () => document.querySelectorAll('time.local-time').forEach(say);
const swapped = () => (document.querySelectorAll('#results .message').forEach(show), moments());
document.querySelectorAll('.message').forEach(show);
moments();
document.addEventListener('htmx:after:swap', swapped);
document.addEventListener('chat:rows', e => (e.detail.rows.forEach(show), moments()));
