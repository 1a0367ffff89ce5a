// A thread opens beside its channel. What else it needs comes with it: see thread.js.
chat.open = href => htmx.ajax('GET', href, {target: '#pane', swap: 'innerHTML'});
const links = '[data-conversation] .message :is(.replies, .reply, .broadcast a)';
chat.click(links, link => chat.open(link.getAttribute('href').replace(/(thread)\/\d+$/, '$1')));
chat.click('#pane .bar .hide', link => chat.close ? chat.close() : location.assign(link.href));
// Unread replies: the sidebar has their sum, and each root its own.
const look = () => {
  const counts = document.querySelector('#unread-threads [data-threads]')?.dataset.threads.split(' ') ?? [];
  const of = new Map(counts.map(one => one.split(':')));
  chat.main?.list.querySelectorAll('.replies').forEach(link => {
    const {dataset: {seq}} = link.closest('.message');
    link.dataset.unread = of.get(`${chat.main.key}-${seq}`) ?? '';
  });
};
chat.swaps.threads = (target, {children}) => look(target.replaceChildren(...children));
document.addEventListener('chat:rows', look);
look();
