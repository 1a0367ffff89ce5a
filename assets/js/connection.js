// The light and its words, and the page's first frame on each connection: where it stands, to catch up from there.
(() => {
  const light = document.getElementById('connection');
  if (!light) return;
  const words = light.querySelector('.words');
  const show = (state, text) => {
    for (const e of [light, document.body]) { // the body for the light in the bar of a narrow screen
      e.dataset.state = state;
      e.toggleAttribute('data-lost', state !== 'connected');
    }
    if (words.textContent !== text) words.textContent = text;
  };
  const final = {
    1008: 'Connection refused: reload the page',
    4429: 'Too many open pages: close some, and reload this one',
  };
  let socket;
  let heard = 0; // when the server last said something
  let asked = 0; // when it was last asked to, after a silence

  document.addEventListener('htmx:ws:after:connection', e => {
    const list = document.getElementById('messages')?.dataset ?? {};
    socket = e.detail.connection.socket;
    socket.send(JSON.stringify({
      channel: list.channel ?? '',
      since: +(list.rev ?? 0),
      epoch: list.epoch ?? '',
      names: +document.body.dataset.names,
    }));
    heard = Date.now();
    show('connected', 'Connected');
  });
  document.addEventListener('htmx:ws:before:message:incoming', () => (heard = Date.now()));

  document.addEventListener('htmx:ws:close', ({detail: {code}}) => {
    const here = location.pathname;
    if (code === 4401 && here === '/signout') return; // one does it oneself: the form's answer leads on
    if (code === 4401) location.assign('/signin?ended=1&next=' + encodeURIComponent(here));
    else if (code !== null) show('reconnecting', final[code] ?? 'Reconnecting…');
    if (code === 4404) { // comes back as a page outside every channel: the sidebar lives on
      document.getElementById('messages').dataset.channel = '';
      document.getElementById('closed').textContent = 'This conversation is not there any more, or not yours to see.';
    }
  });

  // A network can die without a word, and a machine that slept finds its socket dead: who hears nothing asks, and
  // who gets no answer lets the socket go. Timers of a hidden page may come late; an answer that came counts.
  let tick = Date.now();
  setInterval(() => {
    const now = Date.now();
    const slept = now - tick > 150_000;
    tick = now;
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (slept || (asked > heard && now - asked > 7_000)) {
      socket.dispatchEvent(new CloseEvent('close', {code: 1006})); // its own would come after a minute
    } else if (now - heard > 14_000 && asked <= heard) {
      asked = now;
      socket.send('{}');
    }
  }, 3_000);
})();
