// Files: chosen by button, drop or paste (see paste.js) and checked before sending; refused ones show the reason. Files
// chosen during an upload are sent with the next message. See progress.js for sending.
const size = n => (n < 1000 ? `${n} B` : n < 1e6 ? `${Math.round(n / 1000)} kB` : `${(n / 1e6).toFixed(1)} MB`);
const fault = (form, file) => {
  const most = +form.dataset.maxUpload;
  const ending = /\.([^.]+)$/.exec(file.name.toLowerCase())?.[1] ?? '';
  if (form.dataset.instead && !form.elements.file.accept.split(',').includes(`.${ending}`)) {
    const instead = JSON.parse(form.dataset.instead);
    const known = Object.keys(instead).find(endings => endings.split(' ').includes(ending));
    return `${ending ? `Files that end in .${ending} are` : 'A file without an ending is'} not taken. ${instead[known ?? '']}`;
  }
  if (most && file.size > most) return `Too large: ${size(file.size)}, and the limit is ${size(most)}.`;
  return file.size ? '' : 'The file is empty.';
};

chat.each(({form}) => {
  let chosen = []; // {file, reason, extra}: with a reason it is not sent; extra ones may go with the next message
  let going; // those in the current request

  const row = c => {
    const li = chat.copy('file');
    const [name, note, remove] = li.children;
    li.classList.toggle('refused', !!c.reason);
    name.textContent = c.file.name;
    note.textContent = c.reason || size(c.file.size);
    remove.ariaLabel = `Remove ${c.file.name}`;
    remove.onclick = () => {
      chosen = chosen.filter(other => other !== c);
      show();
      form.elements.body.focus();
    };
    if (going?.includes(c)) remove.remove(); // files being sent cannot be removed
    return li;
  };
  const show = () => {
    const list = form.querySelector('.attached');
    const transfer = new DataTransfer();
    let room = form.dataset.maxFiles - (going ? 0 : list.querySelectorAll('[name=kept]:checked').length);
    for (const c of chosen.filter(c => !going?.includes(c))) {
      c.reason = fault(form, c.file);
      c.extra = !c.reason && room-- <= 0;
      if (c.extra) c.reason = `Only ${form.dataset.maxFiles} files go with one message.`;
    }
    for (const c of chosen) if (!c.reason) transfer.items.add(c.file);
    form.elements.file.files = transfer.files;
    list.querySelectorAll('[data-chosen]').forEach(li => li.remove());
    list.append(...chosen.map(row));
  };
  const add = files => {
    if (!form.checkVisibility()) return; // the user cannot post here
    chosen = [...chosen.filter(c => !c.reason || c.extra), ...files.map(file => ({file}))];
    show();
    form.elements.body.focus();
  };
  // Sent files are done, or may be sent with the next message; files chosen since stay.
  const end = done => {
    if (done) chosen = chosen.filter(c => !going?.includes(c));
    going = undefined;
    show();
  };

  form.addEventListener('htmx:config:request', () => {
    going = chosen.filter(c => !c.extra);
    show();
  });
  form.addEventListener('htmx:after:swap', () => { // the server has stored them, or shows the reason
    if (form.querySelector('.attached :is([name=kept], .refused:not([data-chosen]))')) end(true);
  });
  form.addEventListener('htmx:finally:request', () => end());
  form.addEventListener('chat:sent', () => {
    form.querySelector('.attached').replaceChildren();
    end(true);
  });
  form.addEventListener('change', e => {
    if (e.target === form.elements.file) add([...e.target.files]);
    else if (e.target.name === 'kept') show();
  });
  form.addEventListener('chat:files', e => add(e.detail));
});

// Files dropped on a conversation belong to it; elsewhere to the page's first.
const hasFiles = e => chat.main && e.dataTransfer?.types.includes('Files');
document.addEventListener('dragover', e => {
  if (!hasFiles(e)) return;
  e.preventDefault();
  document.body.dataset.drag = '';
});
document.addEventListener('dragleave', e => e.relatedTarget ?? delete document.body.dataset.drag);
document.addEventListener('drop', e => {
  if (!hasFiles(e)) return;
  e.preventDefault();
  delete document.body.dataset.drag;
  const {form} = chat.of(e.target) ?? chat.main;
  form.dispatchEvent(new CustomEvent('chat:files', {detail: [...e.dataTransfer.files]}));
});
