// Loaded when a message links to another one of this workspace: below it stands what that says, if the user may see it.
const permalink = /^\/c\/[^/]+\/\d+(\/thread\/\d+)?$/;
const asked = new WeakMap(); // by row: the paths that were asked for, at most three
const show = async row => {
  const paths = asked.get(row) ?? new Set();
  asked.set(row, paths);
  for (const {origin, pathname} of row.querySelectorAll(':scope:not(.line) .body a[href*="/c/"]')) {
    if (origin !== location.origin || !permalink.test(pathname) || paths.has(pathname) || paths.size === 3) continue;
    paths.add(pathname);
    const answer = await fetch(`${pathname}/quote`, {headers: {'HX-Request': 'true'}}).catch(() => null);
    if (answer?.status !== 200) continue; // 204: nothing that this user sees
    const above = [...row.querySelectorAll(':scope > :is(.body, .quote)')].at(-1);
    above?.insertAdjacentHTML('afterend', await answer.text());
    chat.of(row)?.tell([row]); // times become local
  }
};
const near = new IntersectionObserver(all => all.forEach(e => e.isIntersecting && show(e.target)));
chat.all(c => c.rows.forEach(row => near.observe(row)));
document.addEventListener('chat:rows', e => e.detail.rows.forEach(row => near.observe(row)));
document.addEventListener('chat:changed', ({target}) => {
  const quoting = document.querySelectorAll(`.message:has(> .quote a[href="${chat.href(target)}"])`);
  for (const row of [target, ...quoting]) {
    row.querySelectorAll('.quote').forEach(e => e.remove());
    asked.delete(row);
    show(row);
  }
});
