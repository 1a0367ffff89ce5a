// Each file, chosen by button, drop or paste, is sent at once, by a request of its own that shows its progress (fetch
// cannot), and waits on the server for the message, which names it. When one ends, chat:files says so.
const tell = (e, isLost) => e.closest('form')?.dispatchEvent(new CustomEvent('chat:files', {detail: isLost}));
const upload = (form, file, old) => {
  const list = form.querySelector('.attached');
  const {maxFiles, maxUpload, tooLarge, files} = form.dataset;
  const {file: {accept}, body: box} = form.elements;
  const line = chat.copy('file');
  const [name, note, bar, again, remove] = line.children;
  const xhr = new XMLHttpRequest();
  const refuse = (reason, isFinal) => {
    if (isFinal) again.remove();
    line.className = 'refused';
    note.textContent = reason;
    tell(line, true);
  };
  name.textContent = file.name;
  bar.ariaLabel = `Uploading ${file.name}`;
  again.onclick = () => upload(again.form, file, line);
  remove.ariaLabel = `Remove ${file.name}`;
  remove.addEventListener('click', () => xhr.abort());
  old ? old.replaceWith(line) : list.append(line);
  box.focus();
  const count = list.querySelectorAll('li:not(.refused)').length;
  if (count > maxFiles) return refuse(`Only ${maxFiles} files go with one message.`);
  if (+maxUpload && file.size > maxUpload) return refuse(tooLarge, true);
  const isTaken = !accept || accept.split(',').some(ending => file.name.toLowerCase().endsWith(ending));
  const body = new FormData();
  body.set('file', isTaken ? file : new File([], file.name)); // the server says what to do instead
  for (const {value} of list.querySelectorAll('[name=kept]')) body.append('kept', value);
  xhr.upload.onprogress = e => {
    bar.value = e.loaded / e.total;
    note.textContent = `${Math.floor(bar.value * 100)} %`;
  };
  xhr.onload = () => {
    const answer = xhr.response?.querySelector('.problem, li');
    const reason = answer?.querySelector('p, small').textContent ?? 'The server did not take it.';
    if (xhr.status !== 200 || !answer) return refuse(reason, [413, 415, 422].includes(xhr.status));
    line.replaceWith(answer);
    tell(answer, false);
  };
  xhr.onerror = () => refuse('The connection was lost.');
  xhr.open('POST', files);
  xhr.responseType = 'document';
  xhr.setRequestHeader('HX-Request', 'true');
  xhr.send(body);
};
const held = new Map(); // by conversation: a thread that is closed and opened again has its files
chat.each(({key, form}) => {
  const list = form.querySelector('.attached');
  list.append(...held.get(key)?.children ?? []);
  held.set(key, list);
});
chat.attach = (form, files) => {
  if (!form.checkVisibility()) return; // the user cannot post here
  form.querySelectorAll('.refused:not(:has(.again))').forEach(line => line.remove());
  for (const file of files) upload(form, file);
};
chat.on('change', '[data-conversation] [type=file]', input => {
  chat.attach(input.form, input.files);
  input.value = ''; // the message itself goes without
});
chat.on('click', '.attached .remove', button => {
  const {form, box} = chat.of(button);
  button.closest('li').remove();
  box.focus();
  tell(form, true);
});
chat.on('dragover drop', '*', (target, e) => {
  if (!chat.main || !e.dataTransfer?.types.includes('Files')) return;
  e.preventDefault();
  document.body.toggleAttribute('data-drag', e.type === 'dragover');
  if (e.type === 'drop') chat.attach((chat.of(target) ?? chat.main).form, e.dataTransfer.files);
});
document.addEventListener('dragleave', e => e.relatedTarget ?? delete document.body.dataset.drag);
