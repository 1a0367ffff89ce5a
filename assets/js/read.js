// Tells the server how far one has read: when one looks at the page, and the end of the list is in view.
(() => {
  const list = document.getElementById('messages');
  if (!list) return;
  const scroller = document.getElementById('scroller');
  let socket;
  let told = 0;
  let timer;

  const tell = () => {
    const atEnd = scroller.scrollTop > -40 && list.dataset.newer !== 'true'; // the column runs in reverse: 0 is its end
    const seq = +([...list.querySelectorAll('.message')].pop()?.dataset.seq ?? 0);
    if (!looking() || !atEnd || seq <= told || socket?.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({read: seq}));
    told = seq;
    document.dispatchEvent(new CustomEvent('chat:read', {detail: seq}));
  };
  // Once in a while, and not after a silence: a channel that is never silent is read too.
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      tell();
    }, 300);
  };

  document.addEventListener('htmx:ws:after:connection', e => {
    socket = e.detail.connection.socket;
    told = 0; // what the last connection was told may be lost
    soon();
  });
  document.addEventListener('chat:look', soon);
  addEventListener('pagehide', tell, true); // before the socket's own listener closes it
  document.addEventListener('chat:rows', soon);
  scroller.addEventListener('scroll', soon, {passive: true});
})();
