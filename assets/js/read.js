// Reports to the server how far the user has read, while the user looks at the page and the end of the list is in view.
const c = chat.main;
let told = 0;
let timer;
const tell = () => {
  timer = undefined;
  if (!c || !chat.looking() || !c.atEnd || c.hasNewer || c.newest <= told) return;
  if (chat.socket?.readyState !== WebSocket.OPEN) return;
  told = c.newest;
  chat.socket.send(JSON.stringify({read: told}));
  c.list.dispatchEvent(new CustomEvent('chat:read', {detail: told}));
};
// At an interval, not after a silence: a channel that is never silent is read too.
const soon = () => (timer ??= setTimeout(tell, 300));
document.addEventListener('htmx:ws:after:connection', () => {
  told = 0; // the last report on the old connection may be lost
  soon();
});
document.addEventListener('chat:look', soon);
addEventListener('pagehide', tell, true); // before the socket's own listener closes it
c?.list.addEventListener('chat:rows', soon);
c?.scroller.addEventListener('scroll', soon, {passive: true});
