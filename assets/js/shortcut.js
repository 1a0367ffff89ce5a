// The first key loads what keys do. What it means to the browser has to be prevented at once.
document.addEventListener('keydown', e => {
  if (!chat.me || chat.key) return chat.key?.(e);
  if ((e.ctrlKey || e.metaKey) && /^[kg./]$/.test(e.key)) e.preventDefault();
  chat.load('keys').then(() => chat.key(e));
});
