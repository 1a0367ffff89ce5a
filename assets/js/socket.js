// The socket of a page that is live opens before the page is there: wire.js hands it to htmx, which would wait for the
// whole of it. Without a word from the page, the server closes it after a while.
if ('live' in document.documentElement.dataset) {
  window.early = new WebSocket(`${location.origin.replace('http', 'ws')}/live`);
}
