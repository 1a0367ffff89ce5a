// Uploads show how far they are, and can be cancelled. htmx sends by fetch, which does not tell:
// a form with files goes by XMLHttpRequest instead, and htmx gets its answer as if fetch had brought it.
(() => {
  const form = document.getElementById('composer');
  if (!form) return;
  const make = (name, props, ...children) => {
    const e = Object.assign(document.createElement(name), props);
    e.append(...children);
    return e;
  };

  const send = (url, {method, headers, body, signal}) => new Promise((resolve, reject) => {
    const bar = make('progress', {max: 1, value: 0, ariaLabel: 'Uploading'});
    const text = make('span', {}, '0 %');
    const cancel = make('button', {type: 'button', className: 'button small'}, 'Cancel');
    const row = make('div', {className: 'progress'}, bar, text, cancel);
    const xhr = new XMLHttpRequest();
    cancel.onclick = () => xhr.abort();
    signal.addEventListener('abort', () => xhr.abort());
    xhr.upload.onprogress = e => {
      bar.value = e.loaded / e.total;
      text.textContent = `${Math.floor(bar.value * 100)} %`;
    };
    xhr.onload = () => {
      resolve(new Response([204, 304].includes(xhr.status) ? null : xhr.response, {
        status: xhr.status,
        headers: xhr.getAllResponseHeaders().trim().split('\r\n').map(l => l.split(/: ?(.*)/, 2)),
      }));
    };
    xhr.onerror = () => reject(new TypeError('The upload broke off'));
    xhr.onabort = () => reject(new DOMException('The upload was cancelled', 'AbortError'));
    xhr.onloadend = () => row.remove();
    xhr.open(method, url);
    for (const name in headers) xhr.setRequestHeader(name, headers[name]);
    form.querySelector('.attached').after(row);
    xhr.send(body);
  });

  document.addEventListener('htmx:config:request', ({detail: {ctx}}) => {
    if (ctx.sourceElement === form && form.elements.file.files.length) ctx.fetch = send;
  });
})();
