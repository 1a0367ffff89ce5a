// Files that were chosen go with the page: whoever leaves it before they are sent is asked first, by the browser in its own
// words. Text needs no question: it is kept as a draft.
(() => {
  let going; // a plain form on its way: it takes its own files along
  const chosen = () => [...document.querySelectorAll('input[type=file]')].some(i => i.files.length && i.form !== going);
  const held = '#composer [name=kept]:checked, #composer .progress'; // those that the server keeps for the message, and those on their way

  addEventListener('submit', e => e.defaultPrevented || (going = e.target));
  addEventListener('change', () => (going = undefined), true); // it did not lead away
  addEventListener('beforeunload', e => {
    if (!chosen() && !document.querySelector(held)) return;
    e.preventDefault();
    e.returnValue = true; // Safari asks by this alone
  });
})();
