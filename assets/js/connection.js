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
    4404: 'This channel is no longer there',
    4429: 'Too many open pages: close some, and reload this one',
  };
  let socket;

  document.addEventListener('htmx:ws:after:connection', e => {
    const list = document.getElementById('messages')?.dataset ?? {};
    socket = e.detail.connection.socket;
    socket.send(JSON.stringify({
      channel: list.channel ?? '',
      since: +(list.rev ?? 0),
      epoch: list.epoch ?? '',
      names: +document.body.dataset.names,
    }));
    show('connected', 'Connected');
  });

  document.addEventListener('htmx:ws:close', ({detail: {code}}) => {
    if (code === 4401) location.assign('/signin?next=' + encodeURIComponent(location.pathname));
    else if (code !== null) show('reconnecting', final[code] ?? 'Reconnecting…');
  });

  // A machine that slept finds its socket dead without hearing of it: timers that stood still tell.
  let tick = Date.now();
  setInterval(() => {
    if (Date.now() - tick > 150_000) socket?.close();
    tick = Date.now();
  }, 30_000);
})();
