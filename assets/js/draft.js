// Loaded at the first input in a composer: the text is kept on the server too, for the user's other devices, and others
// see that somebody types.
const pause = 2_000; // between two saves: the server takes so many
chat.each(c => {
  const {form, box} = c;
  let timer, saved = box.defaultValue, typed = 0;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    const body = box.value;
    if (body === saved || form.matches('.htmx-request') || !form.checkVisibility()) return;
    saved = body;
    const fields = {body, client_id: form.elements.client_id.value, ...c.thread && {thread: c.thread}};
    const what = {method: 'POST', headers: {'HX-Request': 'true'}, body: new URLSearchParams(fields), keepalive: true};
    fetch(form.action.replace(/messages$/, 'draft'), what).then(answer => {
      if (!answer.ok) saved = null; // it is tried again with the next input
    }, () => (saved = null));
  };
  const input = () => {
    timer ??= setTimeout(save, pause);
    if (c.thread || !box.value.trim() || Date.now() - typed < 3_000 || chat.socket?.readyState !== 1) return;
    typed = Date.now();
    chat.socket.send('{"typing":true}');
  };
  box.addEventListener('input', input);
  form.addEventListener('chat:sent', () => { // what is left of the text is another draft
    clearTimeout(timer);
    timer = undefined;
    saved = '';
    form.elements.draft?.remove();
    if (box.value) input();
  });
  document.addEventListener('visibilitychange', () => document.hidden && save());
  addEventListener('pagehide', save);
  if (box === document.activeElement) input();
});
document.addEventListener('chat:connection', () => 'lost' in document.body.dataset &&
  document.getElementById('typing')?.replaceChildren());
