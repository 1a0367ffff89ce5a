// Loaded at the first input in a text: the text is kept on the server too, for the user's other devices, and others
// see that somebody types.
const pause = 2_000; // between two saves: the server takes so many
chat.each(c => {
  const {form, box} = c;
  let timer, saved = box.defaultValue, typed = 0;
  const save = () => {
    timer = clearTimeout(timer);
    const body = box.value;
    if (body === saved || form.matches('.htmx-request') || !form.checkVisibility()) return;
    saved = body;
    const fields = {body, client_id: form.elements.client_id.value, ...c.thread && {thread: c.thread}};
    const what = {method: 'POST', headers: {'HX-Request': 'true'}, body: new URLSearchParams(fields), keepalive: true};
    const isSaved = fetch(form.action.replace(/messages$/, 'draft'), what).then(answer => answer.ok, () => false);
    isSaved.then(is => is || (saved = null)); // it is tried again with the next input
  };
  const input = () => {
    timer ??= setTimeout(save, pause);
    if (c.thread || !box.value.trim() || Date.now() - typed < 3_000 || chat.socket?.readyState !== 1) return;
    typed = Date.now();
    chat.socket.send('{"typing":true}');
  };
  box.addEventListener('input', input);
  form.addEventListener('chat:sent', () => { // what is left of the text is another draft
    timer = clearTimeout(timer);
    saved = '';
    form.elements.draft?.remove();
    if (box.value) input();
  });
  document.addEventListener('visibilitychange', () => document.hidden && save()); // also when the page is left
  if (box === document.activeElement) input();
});
const typing = document.getElementById('typing');
document.addEventListener('chat:connection', () => 'lost' in document.body.dataset && typing.replaceChildren());
