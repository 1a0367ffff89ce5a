// The connection light and its words, and the page's first frame on each connection: where it catches up from.
const light = document.getElementById('connection');
const words = light?.querySelector('.words');
const show = (state, text) => {
  for (const e of [light, document.body]) { // the body for the light in the bar of a narrow screen
    e.dataset.state = state;
    e.toggleAttribute('data-lost', state !== 'connected');
  }
  if (words.textContent !== text) words.textContent = text;
  document.dispatchEvent(new Event('chat:connection'));
};
const live = document.getElementById('live'); // holds the server's version, if it differs from the page's
let heard = 0, asked = 0; // when the server last sent anything; when the page last asked it to
// A conversation of another version reloads itself, unless the user is busy in it or reads further up. It does so once
// per version: two may be behind one address. Other pages may show what is shown only once.
const work = '.composer textarea:not(:placeholder-shown), .attached > *, .message .edit, .conflict, .htmx-request, ' +
  'dialog[open], :popover-open';
const renew = version => {
  const key = 'version:' + version;
  if (!version || chat.kept(key) || !chat.main?.atEnd || document.querySelector(work)) return;
  chat.keep(key, 1);
  if (sessionStorage?.[key]) location.reload(); // else it would forget that it did
};
document.addEventListener('htmx:ws:after:connection', e => {
  const {channel = '', rev = 0, epoch = ''} = chat.main?.list.dataset ?? {};
  const {thread = 0, list: replies} = chat.pane ?? {};
  chat.socket = e.detail.connection.socket;
  const {live: version} = document.documentElement.dataset;
  const [list, names] = [document.getElementById('list').value, +document.body.dataset.names];
  const beside = {thread: +thread, thread_since: +(replies?.dataset.rev ?? 0)};
  chat.socket.send(JSON.stringify({channel, since: +rev, ...beside, epoch, names, list, version}));
  live.textContent = '';
  heard = Date.now();
  show('connected', 'Connected');
});
document.addEventListener('htmx:ws:before:message:incoming', () => (heard = Date.now()));
document.addEventListener('htmx:ws:close', ({detail: {code}}) => {
  const here = location.pathname;
  if (code === 4401 && here === '/signout') return; // the user signs out: the form's answer navigates
  if (code === 4401) location.assign(`/signin?ended=1&next=${encodeURIComponent(here)}`); // or not: see leave.js
  if (code !== null) show('reconnecting', light.dataset[code] ?? 'Reconnecting…');
  if (code !== 4404) return;
  chat.main.list.dataset.channel = ''; // reconnects without a channel, to keep the sidebar live
  document.querySelectorAll('.closed').forEach(e => (e.textContent = light.dataset[code])); // of its thread too
});
// After a silence the page asks for an answer, and without one it drops the socket. Hidden pages may have late timers.
setInterval(() => {
  const now = Date.now();
  const waits = asked > heard; // for an answer
  if (chat.socket?.readyState !== WebSocket.OPEN) return;
  if (now - heard > 150_000 || (waits && now - asked > 7_000)) {
    chat.socket.dispatchEvent(new CloseEvent('close', {code: 1006})); // its own would come after a minute
  } else if (!waits && now - heard > 14_000) {
    asked = now;
    chat.socket.send('{}');
  } else if (!waits) renew(live.textContent);
}, 3_000);
