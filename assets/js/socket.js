// Opens a live page's socket before the page is parsed: wire.js passes it to htmx, which would wait for the whole page.
// The server closes it after a while without a message.
if ('live' in document.documentElement.dataset) {
  window.early = new WebSocket(`${location.origin.replace('http', 'ws')}/live`);
}
