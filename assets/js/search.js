// The address of a search follows what is typed: it can be linked, and Back leads to it.
document.addEventListener('htmx:after:swap', () => {
  const form = document.querySelector('main form.search');
  const query = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...query]) if (!value || name === 'zone') query.delete(name);
  history.replaceState(history.state, '', `${form.getAttribute('action')}?${query}`);
});
