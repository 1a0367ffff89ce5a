// Reports to the server how far the user has read, while the user looks at the page and the end of the list is in view.
const c = chat.main;
let timer;
const tell = () => {
  timer = undefined;
  const {socket} = chat; // has what it was told: the last report on an old one may be lost
  if (!c || !chat.looking() || !c.atEnd || c.hasNewer || socket?.readyState !== WebSocket.OPEN) return;
  if (c.newest <= (socket.told ?? 0)) return;
  c.read = socket.told = c.newest;
  socket.send(JSON.stringify({read: c.read}));
};
const soon = () => (timer ??= setTimeout(tell, 300)); // not after a silence: some channels have none
document.addEventListener('htmx:ws:after:connection', soon);
document.addEventListener('chat:look', soon);
addEventListener('pagehide', tell, true); // before the socket's own listener closes it
c?.list.addEventListener('chat:rows', soon);
c?.scroller.addEventListener('scroll', soon, {passive: true});
