// Activates htmx before the first layout, and on few elements. It is the last file of the bundle: all listeners exist.
const {early, WebSocket: Plain} = window;
if (early?.readyState < 2) WebSocket = function () { return early; }; // for htmx's socket, which it opens at once
document.querySelectorAll('#live, [hx-get], [hx-post]').forEach(e => htmx.process(e));
WebSocket = Plain;
if (early?.readyState === 1) early.dispatchEvent(new Event('open')); // htmx missed the first one
document.addEventListener('htmx:before:process', e => e.target === document.body && e.preventDefault());
