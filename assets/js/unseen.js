// The "New" line moves to where one looked away: before the first message of others that came while the tab was hidden.
(() => {
  const list = document.getElementById('messages');
  if (!list) return;
  let away = document.hidden;
  document.addEventListener('visibilitychange', () => {
    away = document.hidden;
  });
  list.addEventListener('chat:rows', ({detail: {rows, added}}) => {
    const row = away && added.find(r => rows.includes(r) && r.dataset.author !== document.body.dataset.user);
    if (!row) return;
    away = false; // the first one only
    const line = list.querySelector('.new') ?? document.createElement('p');
    line.className = 'new';
    line.role = 'separator';
    line.ariaLabel = 'New messages';
    line.innerHTML = '<span>New</span>';
    row.before(line);
  });
})();
