// The page is wired as soon as it is there, and no more of it than has to be: by itself htmx would wait for the first
// layout, and look at every attribute of every message. The last file of the bundle: all that listens does so already.
const {early} = window;
const Plain = WebSocket;
if (early?.readyState < 2) WebSocket = function () { return early; }; // for htmx's socket, which it opens at once
document.querySelectorAll('#live, [hx-get], [hx-post]').forEach(e => htmx.process(e));
WebSocket = Plain;
if (early?.readyState === 1) early.dispatchEvent(new Event('open')); // htmx had no ear for the first one
document.addEventListener('htmx:before:process', e => e.target === document.body && e.preventDefault());
