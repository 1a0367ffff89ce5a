// The colours chosen by hand on /me. This runs before the page is drawn, so that nothing flashes.
const root = document.documentElement;
const kept = () => {
  try {
    return localStorage.theme ?? '';
  } catch {
    return ''; // storage is shut off: the system's colours do
  }
};
const show = theme => (theme ? root.dataset.theme = theme : delete root.dataset.theme);
show(kept());
addEventListener('storage', () => show(kept()));
addEventListener('DOMContentLoaded', () => {
  const form = document.getElementById('theme');
  if (form) form.elements.theme.value = kept();
  form?.addEventListener('change', () => {
    show(form.elements.theme.value);
    try {
      localStorage.theme = form.elements.theme.value;
    } catch {
      // shown on this page at least
    }
  });
});
