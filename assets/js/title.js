// The title counts what is unread. The channel that is open counts only while its tab is hidden.
(() => {
  const channels = document.getElementById('sidebar');
  if (!channels) return;
  const title = document.title;
  const count = () => {
    let sum = 0;
    for (const badge of channels.querySelectorAll('.unread')) {
      if (document.hidden || !badge.closest('[aria-current]')) sum += +badge.textContent;
    }
    document.title = sum ? `(${sum}) ${title}` : title;
  };
  new MutationObserver(count).observe(channels, {subtree: true, childList: true, characterData: true});
  document.addEventListener('visibilitychange', count);
  count();
})();
