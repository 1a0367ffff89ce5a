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
let heard = 0; // when the server last sent anything
let asked = 0; // when the page last asked for an answer, after a silence

// A page of another version reloads itself, once per version: with two versions behind one address it would reload for
// ever. Only conversations reload, since other pages may show content that is shown once, or a refused form; and only
// while the user is not busy in it, or reading further up.
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
  chat.socket = e.detail.connection.socket;
  const {value: list} = document.getElementById('list');
  const {live: version} = document.documentElement.dataset;
  const names = +document.body.dataset.names;
  chat.socket.send(JSON.stringify({channel, since: +rev, epoch, names, list, version}));
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
  chat.main.root.querySelector('.closed').textContent = light.dataset[code];
});

// A network can fail silently, and a machine that slept finds its socket dead: after a silence the page asks for an
// answer, and without one it drops the socket. Timers of a hidden page may be late; an answer that has arrived counts.
let tick = Date.now();
setInterval(() => {
  const now = Date.now();
  const slept = now - tick > 150_000;
  const waits = asked > heard; // for an answer
  tick = now;
  if (chat.socket?.readyState !== WebSocket.OPEN) return;
  if (slept || (waits && now - asked > 7_000)) {
    chat.socket.dispatchEvent(new CloseEvent('close', {code: 1006})); // its own would come after a minute
  } else if (!waits && now - heard > 14_000) {
    asked = now;
    chat.socket.send('{}');
  } else if (!waits) renew(live.textContent);
}, 3_000);
