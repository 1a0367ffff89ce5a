// What behaviours share. A page may hold several conversations, each in an element with data-conversation: what belongs to one
// is found from there and never by an id, so that none meddles with another. The first is the one that the page's socket and
// the counts of the sidebar are about.
class Conversation {
  waiting = new Map(); // by id: rows that cannot be shown yet, see rows.js

  constructor(root) {
    this.list = root.querySelector('.messages');
    this.scroller = root.querySelector('.scroller');
    this.form = root.querySelector('.composer');
    this.root = root;
  }

  get box() { return this.form.elements.body; }
  get rows() { return [...this.list.querySelectorAll('.message')]; }
  get newest() { return +(this.rows.at(-1)?.dataset.seq ?? 0); }
  get hasNewer() { return this.list.dataset.newer === 'true'; } // what is said now does not follow on the last row
  get atEnd() { return this.scroller.scrollTop > -40; } // nearly: the column runs in reverse, and 0 is its end
  find(row) { return this.list.querySelector('#' + CSS.escape(row.id)); }
  focus() { this.box.focus({preventScroll: true}); }

  // Whoever cares about rows hears which were touched, and which of them are new.
  tell(rows, added = []) { this.list.dispatchEvent(new CustomEvent('chat:rows', {bubbles: true, detail: {rows, added}})); }
}

const conversations = new Map([...document.querySelectorAll('[data-conversation]')].map(root => [root, new Conversation(root)]));
let storage;
try {
  storage = sessionStorage;
} catch {
  // it is shut off
}
window.chat = {
  swaps: {}, // styles of our own, by name: each takes the target, the content and options, and returns what htmx is to wire
  me: document.body.dataset.user,
  main: [...conversations.values()][0],
  each: behaviour => conversations.forEach(behaviour),
  of: node => conversations.get(node.closest?.('[data-conversation]')),
  touch: matchMedia('(pointer: coarse)'),
  plain: e => !(e.button || e.ctrlKey || e.metaKey || e.shiftKey), // a click that asks for no other window
  copy: template => document.getElementById('t-' + template).content.firstElementChild.cloneNode(true),

  // What a tab keeps under a name, as JSON: nothing where there is no storage, or no room in it.
  storage,
  kept: key => JSON.parse(storage?.[key] ?? 'null'),
  keep(key, value) {
    try {
      if (value) storage[key] = JSON.stringify(value);
      else delete storage[key];
      return true;
    } catch {
      return false;
    }
  },
};
htmx.registerExtension('chat', {
  handle_swap: (style, ...what) => Object.hasOwn(chat.swaps, style) && (chat.swaps[style](...what) ?? []),

  // A form that was refused comes back around what is typed in it, which may be newer than what was refused.
  htmx_before_morph_node: node => node.type !== 'textarea',
  htmx_before_morph_attr: (node, {attrName}) => node.type !== 'text' || attrName !== 'value',
});
