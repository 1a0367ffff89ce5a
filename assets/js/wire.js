// Activates htmx as soon as the page is parsed, on as few elements as possible: htmx alone would wait for the first
// layout, and process every attribute of every message. It is the last file of the bundle, so all listeners exist.
const {early} = window;
const Plain = WebSocket;
if (early?.readyState < 2) WebSocket = function () { return early; }; // for htmx's socket, which it opens at once
document.querySelectorAll('#live, [hx-get], [hx-post]').forEach(e => htmx.process(e));
WebSocket = Plain;
if (early?.readyState === 1) early.dispatchEvent(new Event('open')); // htmx missed the first one
document.addEventListener('htmx:before:process', e => e.target === document.body && e.preventDefault());
