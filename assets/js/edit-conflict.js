// A message that one edits or deletes was deleted meanwhile, in another tab: the form goes, the row shows what the
// server has, and what was typed stays on screen until it is put away.
const say = (c, typed) => {
  const box = chat.copy('conflict');
  box.querySelector('p').prepend('This message was deleted meanwhile.');
  const close = box.querySelector('button');
  if (typed) box.querySelector('pre').textContent = typed;
  else box.querySelectorAll('.typed').forEach(e => e.remove());
  close.onclick = () => {
    box.remove();
    c.focus();
  };
  document.querySelector('.gone')?.remove();
  document.getElementById('notice').after(box);
  if (typed) close.focus({preventScroll: true}); // the field that had it is gone
};

document.addEventListener('htmx:before:swap', async ({detail: {ctx}}) => {
  const row = ctx.sourceElement?.closest?.('[data-conversation] .message');
  if (ctx.response?.status !== 404 || !row || !/\/(edit|delete)$/.test(ctx.request.action)) return;
  const c = chat.of(row);
  const typed = row.querySelector('form textarea')?.value;
  const answer = await fetch(ctx.request.action.replace(/\/\w+$/, ''), {headers: {'HX-Request': 'true'}}).catch(() => null);
  const text = answer?.ok ? await answer.text() : '';
  if (!/^\s*<article[^>]*"[^"]*\bdeleted\b/.test(text)) return; // something else is not there: that was said already
  for (const e of [c.find(row), document.getElementById('notice')]) e?.querySelectorAll('.problem').forEach(p => p.remove());
  await htmx.swap({sourceElement: c.list, target: c.list, swap: 'upsert-rows own:true force:true', text});
  say(c, typed);
});
