// Opens a live page's socket before the page is parsed: wire.js passes it to htmx, which would wait for the whole page.
const address = `${location.origin.replace('http', 'ws')}/live`;
if ('live' in document.documentElement.dataset) window.early = new WebSocket(address);
