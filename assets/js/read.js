// Reports to the server how far the user has read, while the user looks at the page and the end of the list is in view.
// After "Mark unread" nothing is reported until the user scrolls, or comes back: the server then sends another mark.
const marked = () => document.getElementById('read-mark') ?? {dataset: {}};
let looked = chat.looking();
chat.each(c => {
  if (!c.thread && c !== chat.main) return; // the socket has one channel
  let timer, mark = marked().value, rests = false, told = {}; // told: the last report, which its socket may lose
  const tell = () => {
    timer = undefined;
    const {socket} = chat, now = marked();
    if (!c.thread && now.value !== mark) {
      [mark, rests, told] = [now.value, true, {}];
      c.read = +now.dataset.seq;
      c.list.dispatchEvent(new CustomEvent('chat:unread', {detail: c.read}));
    }
    if (rests || !chat.looking() || !c.scroller.checkVisibility() || !c.atEnd || c.hasNewer) return;
    if (socket?.readyState !== WebSocket.OPEN || (told.socket === socket && told.seq >= c.newest) || !c.newest) return;
    c.read = c.newest;
    told = {socket, seq: c.read};
    socket.send(JSON.stringify({read: c.read, ...c.thread ? {thread: +c.thread} : {mark: +mark}}));
  };
  const soon = () => (timer ??= setTimeout(tell, 300)); // not after a silence: some channels have none
  const turns = () => {
    rests = false;
    soon();
  };
  document.addEventListener('htmx:ws:after:connection', soon);
  document.addEventListener('htmx:after:swap', soon);
  document.addEventListener('chat:look', () => (chat.looking() && !looked ? turns : soon)());
  addEventListener('pagehide', tell, true); // before the socket's own listener closes it
  c.list.addEventListener('chat:rows', soon);
  c.scroller.addEventListener('scroll', turns, {passive: true});
});
document.addEventListener('chat:look', () => (looked = chat.looking())); // after the others
