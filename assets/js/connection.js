// The light and its words, and the page's first frame on each connection: where it stands, to catch up from there.
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
let heard = 0; // when the server last said something
let asked = 0; // when it was last asked to, after a silence
const live = document.getElementById('live'); // holds the server's version, if it is not the page's

// A page of another version of the program loads itself anew, once for each version: with two of them behind one
// address it would have no end. Only a conversation does so, for other pages may show what is shown once, or what was
// refused; and only while nobody is at work in it, or reads further up.
const work = '.composer textarea:not(:placeholder-shown), .attached > *, .message form, .conflict, .htmx-request, dialog[open], ' +
  ':popover-open';
const renew = version => {
  if (!version || !chat.main?.atEnd || document.querySelector(work)) return;
  if (!chat.kept('version:' + version) && chat.keep('version:' + version, 1)) location.reload();
};

document.addEventListener('htmx:ws:after:connection', e => {
  const {channel = '', rev = 0, epoch = ''} = chat.main?.list.dataset ?? {};
  chat.socket = e.detail.connection.socket;
  chat.socket.send(JSON.stringify({
    channel,
    since: +rev,
    epoch,
    names: +document.body.dataset.names,
    list: document.getElementById('list').value,
    version: document.documentElement.dataset.live,
  }));
  live.textContent = '';
  heard = Date.now();
  show('connected', 'Connected');
});
document.addEventListener('htmx:ws:before:message:incoming', () => (heard = Date.now()));

document.addEventListener('htmx:ws:close', ({detail: {code}}) => {
  const here = location.pathname;
  if (code === 4401 && here === '/signout') return; // one does it oneself: the form's answer leads on
  if (code === 4401) location.assign('/signin?ended=1&next=' + encodeURIComponent(here)); // one may stay: see leave.js
  if (code !== null) show('reconnecting', light.dataset[code] ?? 'Reconnecting…');
  if (code === 4404) { // comes back as a page outside every channel: the sidebar lives on
    chat.main.list.dataset.channel = '';
    chat.main.root.querySelector('.closed').textContent = 'This conversation is not there any more, or not yours to see.';
  }
});

// A network can die without a word, and a machine that slept finds its socket dead: who hears nothing asks, and
// who gets no answer lets the socket go. Timers of a hidden page may come late; an answer that came counts.
let tick = Date.now();
setInterval(() => {
  const now = Date.now();
  const slept = now - tick > 150_000;
  tick = now;
  if (chat.socket?.readyState !== WebSocket.OPEN) return;
  if (slept || (asked > heard && now - asked > 7_000)) {
    chat.socket.dispatchEvent(new CloseEvent('close', {code: 1006})); // its own would come after a minute
  } else if (asked > heard) {
    // there is time left to answer
  } else if (now - heard > 14_000) {
    asked = now;
    chat.socket.send('{}');
  } else renew(live.textContent);
}, 3_000);
