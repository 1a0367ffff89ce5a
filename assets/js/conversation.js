// Shared by the other scripts. A page may hold two conversations, a channel and a thread of it: their parts are found
// from their roots, never by id. The sidebar's counts belong to the first.
class Conversation {
  waiting = new Map(); // by id: rows that cannot be shown yet, see rows.js
  read = 0; // the seq up to which the user has read here
  constructor(root) {
    const [list, scroller, form] = ['[role=log]', '.scroller', '.composer'].map(part => root.querySelector(part));
    const thread = root.dataset.root; // the seq of what it is about, if it is one
    Object.assign(this, {root, list, scroller, form, thread});
  }
  get box() { return this.form.elements.body; }
  get rows() { return [...this.list.querySelectorAll('.message')]; }
  get newest() { return +(this.rows.at(-1)?.dataset.seq ?? 0); }
  get hasNewer() { return this.list.dataset.newer === 'true'; } // new messages do not directly follow the last row
  get atEnd() { return this.scroller.scrollTop > -40; } // nearly: the column is reversed, and 0 is its end
  get key() { return this.list.dataset.key ?? this.list.dataset.id; } // not the slug, which another channel may get
  owns(row) { return /\/(\d+)\/thread\/\d+$/.exec(chat.href(row))?.[1] === this.thread; }
  find(row) { return this.list.querySelector('#' + CSS.escape(row.id)); }
  focus() { this.box.focus({preventScroll: true}); }
  // Dispatches chat:rows with the touched rows, and those of them that are new.
  tell(rows, added = []) {
    this.list.dispatchEvent(new CustomEvent('chat:rows', {bubbles: true, detail: {rows, added}}));
  }
}
const conversations = new Map();
const behaviours = []; // of all conversations, also of those that are opened later
const storage = sessionStorage ?? {}; // null where it is disabled, while without cookies one cannot sign in at all
window.chat = {
  swaps: {}, // our swap styles by name: (target, content, options) => what htmx must process
  me: document.body.dataset.user,
  all: f => conversations.forEach(f),
  each: behaviour => {
    behaviours.push(behaviour);
    conversations.forEach(behaviour);
  },
  add(root) {
    conversations.forEach((c, old) => old.isConnected || conversations.delete(old));
    conversations.set(root, new Conversation(root));
    behaviours.forEach(behaviour => behaviour(conversations.get(root)));
  },
  of: node => conversations.get(node?.closest?.('[data-conversation]')),
  get main() { return chat.of(document.querySelector('#main > [data-conversation]')); },
  get pane() { return chat.of(document.querySelector('#pane > [data-conversation]')); },
  row: '[data-conversation] .message',
  boxes: '[data-conversation] :is(.composer, .message .edit) textarea', // of messages' texts
  touch: matchMedia('(pointer: coarse)'),
  link: row => row.querySelector('header > a:last-child'), // to the message: its time
  href: row => chat.link(row).getAttribute('href'),
  copy: template => document.getElementById('t-' + template).content.firstElementChild.cloneNode(true),
  // Calls f with the element that matches the selector, if an event of one of the types happens in one.
  on: (types, selector, f) => types.split(' ').forEach(type => document.addEventListener(type, e => {
    const match = e.target.closest?.(selector);
    if (match) f(match, e);
  })),
  // The same instead of what a click does, unless it asks for another tab or window.
  click: (selector, f) => chat.on('click', selector, (match, e) => {
    if (e.button || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    f(match);
  }),
  kept: key => JSON.parse(storage[key] ?? 'null'),
  keep(key, value) {
    delete storage[key];
    try { if (value) storage[key] = JSON.stringify(value); } catch {} // it is full
  },
};
const late = {}; // scripts of their own, by name: loaded once, when they are needed
chat.load = name => (late[name] ??= import(document.getElementById('late').dataset[name]));
chat.on('input', chat.boxes, () => chat.load('draft'));
document.querySelectorAll('[data-conversation]').forEach(chat.add);
htmx.registerExtension('chat', {
  init: api => (chat.morph = api.morph),
  handle_swap: (style, ...what) => Object.hasOwn(chat.swaps, style) && (chat.swaps[style](...what) ?? []),
  // Text fields may have something newer than the form that was refused, and heads of rows than the row that arrives.
  htmx_before_morph_node: node => node.type !== 'textarea' && !node.matches('.message > header'),
  htmx_before_morph_attr: (node, {attrName}) => node.type !== 'text' || attrName !== 'value',
});
