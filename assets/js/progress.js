// Upload progress, and cancelling. htmx uses fetch, which does not report progress: a form with files uses
// XMLHttpRequest instead, and htmx gets its answer as if it came from fetch.
const send = (form, url, {method, headers, body, signal}) => new Promise((resolve, reject) => {
  const row = chat.copy('progress');
  const [bar, text, cancel] = row.children;
  const xhr = new XMLHttpRequest();
  cancel.onclick = () => xhr.abort();
  signal.addEventListener('abort', () => xhr.abort());
  xhr.upload.onprogress = e => {
    bar.value = e.loaded / e.total;
    text.textContent = `${Math.floor(bar.value * 100)} %`;
  };
  xhr.onload = () => resolve(new Response([204, 304].includes(xhr.status) ? null : xhr.response, {
    status: xhr.status,
    headers: xhr.getAllResponseHeaders().trim().split('\r\n').map(l => l.split(/: ?(.*)/, 2)),
  }));
  xhr.onerror = () => reject(new TypeError('The upload broke off'));
  xhr.onabort = () => reject(new DOMException('The upload was cancelled', 'AbortError'));
  xhr.onloadend = () => row.remove();
  xhr.open(method, url);
  for (const name in headers) xhr.setRequestHeader(name, headers[name]);
  form.querySelector('.attached').after(row);
  xhr.send(body);
});

chat.each(({form}) => form.addEventListener('htmx:config:request', ({detail: {ctx}}) => {
  if (!form.elements.file.files.length) return;
  ctx.request.timeout = 0;
  ctx.fetch = (url, request) => send(form, url, request);
}));
