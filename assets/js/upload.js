// Files: chosen by button, drop or paste (see paste.js); looked at before they go; the ones that may not go say why. A file
// that is chosen while others are on their way goes with the next message. See progress.js for how they go.
(() => {
  const form = document.getElementById('composer');
  if (!form) return;
  const input = () => form.elements.file;
  const list = () => form.querySelector('.attached');
  let chosen = []; // {file, reason, extra}: with a reason it is shown, and not sent; extra ones may go with the next message
  let going = null; // those of them that the request on its way is about

  const size = n => (n < 1000 ? `${n} B` : n < 1e6 ? `${Math.round(n / 1000)} kB` : `${(n / 1e6).toFixed(1)} MB`);
  const fault = file => {
    const most = +form.dataset.maxUpload;
    const types = input().accept.split(',');
    const ending = /\.([^.]+)$/.exec(file.name.toLowerCase())?.[1] ?? '';
    if (!types.includes(`.${ending}`)) {
      const instead = JSON.parse(form.dataset.instead);
      const known = ending && Object.keys(instead).find(endings => endings.split(' ').includes(ending));
      return `${ending ? `Files that end in .${ending} are` : 'A file without an ending is'} not taken. ${instead[known || '']}`;
    }
    if (most && file.size > most) return `Too large: ${size(file.size)}, and the limit is ${size(most)}.`;
    if (!file.size) return 'The file is empty.';
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
      const li = make('li', {className: c.reason ? 'refused' : ''}, make('b', {dir: 'auto'}, c.file.name), make('small', {}, c.reason || size(c.file.size)));
      if (!going?.includes(c)) li.append(remove); // what is on its way goes
      li.dataset.chosen = '';
      list().append(li);
    }
  };
  const set = () => {
    const transfer = new DataTransfer();
    let room = +form.dataset.maxFiles - (going ? 0 : form.querySelectorAll('[name=kept]:checked').length);
    for (const c of chosen) {
      if (!going?.includes(c)) {
        c.reason = fault(c.file);
        c.extra = !c.reason && room-- <= 0;
        if (c.extra) c.reason = `Only ${form.dataset.maxFiles} files go with one message.`;
      }
      if (!c.reason) transfer.items.add(c.file);
    }
    input().files = transfer.files;
    show();
  };
  const add = files => {
    if (!form.checkVisibility()) return; // nothing can be said here
    chosen = chosen.filter(c => !c.reason || c.extra);
    for (const file of files) chosen.push({file});
    set();
    form.elements.body.focus();
  };
  // Those that the request was about are done with; what was chosen since stays.
  const clear = () => {
    chosen = chosen.filter(c => !going?.includes(c));
    going = null;
    set();
  };

  document.addEventListener('htmx:config:request', ({detail: {ctx}}) => {
    if (ctx.sourceElement !== form) return;
    going = chosen.filter(c => !c.extra);
    show();
  });
  document.addEventListener('htmx:after:swap', ({detail: {ctx}}) => {
    if (ctx.sourceElement !== form || !(ctx.response?.status >= 400)) return;
    if (list().querySelector('[name=kept], .refused:not([data-chosen])')) clear(); // the server has them, or says why not
    else show();
  });
  document.addEventListener('htmx:finally:request', ({detail: {ctx}}) => {
    if (ctx.sourceElement !== form || !going) return;
    going = null;
    set();
  });
  form.addEventListener('chat:sent', () => {
    list().querySelectorAll('li:not([data-chosen])').forEach(li => li.remove());
    clear();
  });
  form.addEventListener('change', e => {
    if (e.target === input()) add([...input().files]);
    else if (e.target.name === 'kept') set();
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
