// The pane, each time that a thread opens in it; on the page of a thread it is there from the start.
const pane = document.getElementById('pane');
const root = pane.querySelector('[data-conversation]');
if (root && !chat.of(root)) {
  chat.add(root);
  const c = chat.of(root), {rev, epoch, href} = c.list.dataset;
  if (chat.socket?.readyState === 1) chat.socket.send(JSON.stringify({thread: +c.thread, since: +rev, epoch}));
  if (location.pathname !== href) history.pushState(null, '', href);
  c.tell([...root.querySelectorAll('.message')]);
  const style = pane.querySelector('link'); // until it is there, the pane is not
  const focus = () => chat.touch.matches || c.focus();
  style.sheet ? focus() : style.onload = focus;
}
chat.close = isBack => {
  const {thread} = chat.pane ?? {};
  if (!thread) return;
  pane.replaceChildren();
  if (chat.socket?.readyState === 1) chat.socket.send('{"thread":0}');
  if (!isBack) history.pushState(null, '', chat.main.list.dataset.href);
  const row = chat.main.rows.find(r => r.dataset.seq === thread);
  (row?.querySelector('.replies') ?? (row && chat.link(row)) ?? chat.main.box).focus({preventScroll: true});
};
pane.onkeydown = e => e.key === 'Escape' && !e.defaultPrevented && !e.target.closest('.edit') && chat.close();
window.onpopstate = () => /\/thread$/.test(location.pathname) ? chat.open(location.pathname) : chat.close(true);
