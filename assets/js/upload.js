// Files: chosen by button, drop or paste (see paste.js); looked at before they go; the ones that may not go say why. See progress.js for how they go.
(() => {
  const form = document.getElementById('composer');
  if (!form) return;
  const input = () => form.elements.file;
  const list = () => form.querySelector('.attached');
  let chosen = []; // {file, reason}: with a reason it is shown, and not sent

  const size = n => (n < 1000 ? `${n} B` : n < 1e6 ? `${Math.round(n / 1000)} kB` : `${(n / 1e6).toFixed(1)} MB`);
  const fault = file => {
    const most = +form.dataset.maxUpload;
    const types = input().accept.split(',');
    const kept = form.querySelectorAll('[name=kept]:checked').length;
    if (!types.some(t => file.name.toLowerCase().endsWith(t))) return `This type is not taken: only ${types.map(t => t.slice(1)).join(', ')}.`;
    if (most && file.size > most) return `Too large: ${size(file.size)}, and the limit is ${size(most)}.`;
    if (!file.size) return 'The file is empty.';
    if (kept + chosen.filter(c => !c.reason).length >= +form.dataset.maxFiles) return `Only ${form.dataset.maxFiles} files go with one message.`;
    return '';
  };

  const make = (name, props, ...children) => {
    const e = Object.assign(document.createElement(name), props);
    e.append(...children);
    return e;
  };
  const show = () => {
    list().querySelectorAll('[data-chosen]').forEach(li => li.remove());
    for (const c of chosen) {
      const remove = make('button', {type: 'button', title: 'Remove', ariaLabel: `Remove ${c.file.name}`});
      remove.innerHTML = '<svg class="icon" aria-hidden="true"><use href="#i-close"></use></svg>';
      remove.onclick = () => {
        chosen = chosen.filter(other => other !== c);
        set();
        form.elements.body.focus();
      };
      const li = make('li', {className: c.reason ? 'refused' : ''}, make('b', {dir: 'auto'}, c.file.name), make('small', {}, c.reason || size(c.file.size)), remove);
      li.dataset.chosen = '';
      list().append(li);
    }
  };
  const set = () => {
    const transfer = new DataTransfer();
    for (const c of chosen) if (!c.reason) transfer.items.add(c.file);
    input().files = transfer.files;
    show();
  };
  const add = files => {
    chosen = chosen.filter(c => !c.reason);
    for (const file of files) chosen.push({file, reason: fault(file)});
    set();
    form.elements.body.focus();
  };
  const clear = () => {
    chosen = [];
    set();
  };

  document.addEventListener('htmx:after:swap', ({detail: {ctx}}) => {
    if (ctx.sourceElement !== form || !(ctx.response?.status >= 400)) return;
    if (list().querySelector('[name=kept], .refused:not([data-chosen])')) clear(); // the server has them, or says why not
    else show();
  });
  form.addEventListener('chat:sent', () => {
    list().replaceChildren();
    clear();
  });
  form.addEventListener('change', e => {
    if (e.target === input()) add([...input().files]);
  });
  form.addEventListener('chat:files', e => add(e.detail));
  const hasFiles = e => e.dataTransfer?.types.includes('Files');
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
    add(e.dataTransfer.files);
  });
})();
