// The way to anywhere, each time that it opens: what is found follows what is typed, arrows move in it, and Enter takes
// the first.
const root = document.querySelector('.switcher'); // null if it was closed before this script came
const box = root?.querySelector('[type=search]');
const all = () => [...root.querySelectorAll('.found li :is(a, button)')];
const headers = {'HX-Request': 'true'};
let asked = 0, shown = Promise.resolve(); // answers to earlier questions are dropped
const go = (what, tab) => {
  if (!tab) return what?.click();
  if (what?.href) window.open(what.href);
  else if (what) Object.assign(what.form, {target: '_blank'}).requestSubmit();
};
box?.addEventListener('input', () => {
  const question = ++asked;
  const answer = async () => {
    await new Promise(done => setTimeout(done, 60));
    if (question !== asked) return shown;
    const url = `/switch?${new URLSearchParams({q: box.value})}`;
    const html = await fetch(url, {headers}).then(a => a.ok && a.text(), () => '');
    if (question !== asked) return shown;
    const found = html && new DOMParser().parseFromString(html, 'text/html').querySelector('.found');
    if (!found) return;
    const at = all().indexOf(document.activeElement); // an arrow may have been quicker than the answer
    root.querySelector('.found').replaceWith(found);
    if (at >= 0) (all()[at] ?? box).focus();
  };
  shown = answer();
});
root?.addEventListener('keydown', async e => {
  const list = all(), at = list.indexOf(e.target), tab = e.ctrlKey || e.metaKey;
  const step = {ArrowDown: 1, ArrowUp: -1}[e.key];
  if (e.isComposing || (at < 0 && e.target !== box)) return;
  if (step) (list[at + step] ?? (step < 0 ? box : e.target)).focus();
  else if (e.key === 'Enter' && (at < 0 || tab)) {
    e.preventDefault();
    if (at < 0) await shown; // of what is typed, not of what was
    return go(list[at] ?? all()[0], tab);
  } else return at >= 0 && e.key.length === 1 && e.key !== ' ' && !tab && box.focus(); // one types on
  e.preventDefault();
});
box?.setAttribute('aria-autocomplete', 'list'); // until here it is a plain form
if (box?.value) box.dispatchEvent(new Event('input'));
if (box?.dataset.enter) shown.then(() => go(all()[0])); // it was pressed before this script came
