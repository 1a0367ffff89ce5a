// Pasting. Text is pasted as usual: spreadsheets and word processors add a picture of it, which nobody means to send.
// Files are attached if there is no text besides their names, which some systems add.
const last = path => path.split(/[/\\]/).pop();
const onlyNames = (text, files) => {
  const names = files.flatMap(f => [f.name, encodeURI(f.name), encodeURIComponent(f.name)]);
  return text.trim().split(/\s*\n\s*/).every(line => names.includes(last(line)));
};

// Browsers name every copied picture image.png: it is renamed to the time of pasting, and numbered as all that are not
// unique.
const named = (file, taken) => {
  const now = new Date().toLocaleString('sv').replace(' ', ' at ').replaceAll(':', '.');
  const [, stem, ending = ''] = /^(.*?)(\.[^.]*)?$/s.exec(file.name);
  const base = /^image$/i.test(stem) ? `Pasted ${now}` : stem;
  let name = base + ending;
  for (let n = 2; taken.has(name); n++) name = `${base} ${n}${ending}`;
  taken.add(name);
  return name === file.name ? file : new File([file], name, {type: file.type, lastModified: file.lastModified});
};

document.addEventListener('paste', e => {
  const files = [...e.clipboardData?.files ?? []];
  const text = e.clipboardData?.getData('text/plain') ?? '';
  const field = e.target.closest?.('input, textarea');
  const {form} = chat.of(e.target) ?? chat.main ?? {};
  if (!files.length || !form || (field && field.form !== form)) return;
  if (text.trim() && !onlyNames(text, files)) return;
  e.preventDefault();
  const taken = new Set([...form.querySelectorAll('.attached b')].map(b => b.textContent));
  chat.attach(form, files.map(f => named(f, taken)));
});

// An address that is pasted onto words makes a link of them. What is formatted elsewhere is pasted as Markdown.
document.addEventListener('paste', async e => {
  const box = chat.isBox(e.target) && e.target;
  const text = e.clipboardData?.getData('text/plain').trim();
  const html = e.clipboardData?.getData('text/html');
  if (!box || e.defaultPrevented) return;
  const words = box.value.slice(box.selectionStart, box.selectionEnd);
  if (/^https?:\/\/\S+$/.test(text) && words.trim() && !/^https?:\/\//.test(words)) {
    e.preventDefault();
    chat.type(box, `[${words}](${text})`);
  } else if (/<(table|[uo]l|h\d|a|b|strong|i|em|del|s|code|pre|blockquote)\b/i.test(html)) {
    e.preventDefault();
    const answer = await fetch('/paste', {method: 'POST', body: new URLSearchParams({html})}).catch(() => null);
    chat.type(box, answer?.ok ? await answer.text() : text);
  }
});
