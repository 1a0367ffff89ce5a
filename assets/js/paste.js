// Browsers name every copied picture image.png: it is named by the time instead. What is not unique is numbered.
const named = (file, form) => {
  const now = new Date().toLocaleString('sv').replace(' ', ' at ').replaceAll(':', '.');
  const [, stem, ending = ''] = /^(.*?)(\.[^.]*)?$/s.exec(file.name);
  const base = /^image$/i.test(stem) ? `Pasted ${now}` : stem;
  const taken = [...form.querySelectorAll('.attached b')].map(b => b.textContent);
  let name = base + ending;
  for (let n = 2; taken.includes(name); n++) name = `${base} ${n}${ending}`;
  return new File([file], name, {type: file.type, lastModified: file.lastModified});
};
// Files are attached if there is no text besides their names: spreadsheets and word processors add a picture of a text.
document.addEventListener('paste', e => {
  const files = [...e.clipboardData?.files ?? []];
  const text = e.clipboardData?.getData('text/plain') ?? '';
  const field = e.target.closest?.('input, textarea');
  const {form} = chat.of(e.target) ?? chat.main ?? {};
  if (!files.length || !form || (field && field.form !== form)) return;
  const names = files.flatMap(f => [f.name, encodeURI(f.name), encodeURIComponent(f.name)]);
  const onlyNames = text.trim().split(/\s*\n\s*/).every(path => names.includes(path.split(/[/\\]/).pop()));
  if (text.trim() && !onlyNames) return;
  e.preventDefault();
  for (const file of files) chat.attach(form, [named(file, form)]);
});
// An address that is pasted onto words makes a link of them. What is formatted elsewhere is pasted as Markdown.
chat.on('paste', chat.boxes, async (box, e) => {
  const text = e.clipboardData?.getData('text/plain').trim();
  const html = e.clipboardData?.getData('text/html');
  const words = box.value.slice(box.selectionStart, box.selectionEnd);
  const isLink = /^https?:\/\/\S+$/.test(text) && words.trim() && !/^https?:\/\//.test(words);
  const isRich = /<(table|[uo]l|h\d|a|b|strong|i|em|del|s|code|pre|blockquote)\b/i.test(html);
  if (e.defaultPrevented || !(isLink || isRich)) return;
  e.preventDefault();
  if (isLink) return chat.type(box, `[${words}](${text})`);
  const answer = await fetch('/paste', {method: 'POST', body: new URLSearchParams({html})}).catch(() => null);
  chat.type(box, answer?.ok ? await answer.text() : text);
});
