// Older and newer messages come in without a jump, and without being read out as if they had just been said.
(() => {
  const list = document.getElementById('messages');
  if (!list) return;
  const scroller = document.getElementById('scroller');
  const isMore = ctx => /\?(before|after)=/.test(ctx.request?.action ?? '');
  let anchor;
  let top;

  document.addEventListener('htmx:before:swap', ({detail: {ctx}}) => {
    if (!isMore(ctx)) return;
    list.ariaBusy = 'true';
    // At its very end the column would follow what is added there: hold on to a row instead.
    const edge = scroller.getBoundingClientRect().top;
    anchor = [...list.querySelectorAll('.message')].find(row => row.getBoundingClientRect().bottom > edge);
    top = anchor?.getBoundingClientRect().top;
  });

  document.addEventListener('htmx:after:swap', ({detail: {ctx}}) => {
    if (!isMore(ctx)) return;
    if (ctx.request.action.includes('?after=') && !document.getElementById('newer')) list.dataset.newer = 'false';
    const rows = [...list.querySelectorAll('.message')];
    list.dispatchEvent(new CustomEvent('chat:rows', {bubbles: true, detail: {rows, added: []}}));
    document.dispatchEvent(new Event('chat:row-released')); // what came meanwhile is newer than the answer, or goes after its last page
    if (anchor?.isConnected) scroller.scrollTop += anchor.getBoundingClientRect().top - top;
    setTimeout(() => (list.ariaBusy = null), 500);
  });
})();
