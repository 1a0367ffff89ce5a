// A message that one edits or deletes was deleted meanwhile, in another tab: the form goes, the row shows what the
// server has, and what was typed stays on screen until it is put away.
(() => {
  const list = document.getElementById('messages');
  if (!list) return;

  const say = typed => {
    const box = document.createElement('div');
    const words = box.appendChild(document.createElement('p'));
    box.className = 'notice gone';
    box.role = 'alert';
    words.textContent = 'This message was deleted meanwhile.';
    if (typed) {
      words.textContent += ' This is what you had written:';
      box.appendChild(document.createElement('pre')).textContent = typed;
    }
    const close = box.appendChild(document.createElement('button'));
    close.type = 'button';
    close.className = 'button small';
    close.textContent = 'Close';
    close.addEventListener('click', () => {
      box.remove();
      document.getElementById('body')?.focus({preventScroll: true});
    });
    document.querySelector('.gone')?.remove();
    document.getElementById('notice').after(box);
    if (typed) close.focus({preventScroll: true}); // the field that had it is gone
  };

  document.addEventListener('htmx:before:swap', async ({detail: {ctx}}) => {
    const row = ctx.sourceElement?.closest?.('#messages .message');
    if (ctx.response?.status !== 404 || !row || !/\/(edit|delete)$/.test(ctx.request.action)) return;
    const typed = row.querySelector('form textarea')?.value;
    const answer = await fetch(ctx.request.action.replace(/\/\w+$/, ''), {headers: {'HX-Request': 'true'}}).catch(() => null);
    const text = answer?.ok ? await answer.text() : '';
    if (!/^\s*<article[^>]*"[^"]*\bdeleted\b/.test(text)) return; // something else is not there: that was said already
    for (const problem of document.querySelectorAll(`[id="${row.id}"] .problem, #notice .problem`)) problem.remove();
    await htmx.swap({sourceElement: list, target: list, swap: 'upsert-rows own:true force:true', text});
    say(typed);
  });
})();
