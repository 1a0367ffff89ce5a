// A key that may mean something loads what keys do. What it means to the browser has to be prevented at once.
document.addEventListener('keydown', e => {
  const own = (e.ctrlKey || e.metaKey) && !e.altKey && /^[kg./]$/i.test(e.key);
  if (!chat.me || chat.key) return chat.key?.(e);
  if (own) e.preventDefault();
  if (!own && !e.altKey && e.key !== 'Escape' && e.target.matches('input, textarea')) return;
  chat.load('keys').then(() => chat.key(e));
});
