// What was typed or chosen goes with the page: whoever leaves it before it is sent is asked first, by the browser in its own
// words. Drafts need no question, for they are kept (see composer.js and edit.js), nor does what one signs in or searches with.
const typed = ':is(input:not([type=hidden], [type=password], [autocomplete=one-time-code]), textarea, select)';
const fields = `input[type=file], .app form[method=post]:not(.composer, [data-conversation] .message form) ${typed}`;
const held = '.composer :is([name=kept]:checked, .progress)'; // files that the server keeps for the message, or on their way
let going; // a plain form on its way: it takes along what is in it

// A form that was refused came back with what was typed: all in it is still to be sent.
const unsent = f => {
  if (f.form === going) return false;
  if (f.options) return f.selectedIndex !== Math.max(0, [...f.options].findIndex(o => o.defaultSelected));
  if (/checkbox|radio/.test(f.type)) return f.checked !== f.defaultChecked;
  return f.value !== (f.form.querySelector('.error:not(:empty)') ? '' : f.defaultValue);
};

addEventListener('submit', e => (!e.defaultPrevented || e.target.dataset.passkey) && (going = e.target)); // see passkey.js
addEventListener('input', () => (going = undefined), true); // it did not lead away
addEventListener('beforeunload', e => {
  if (![...document.querySelectorAll(fields)].some(unsent) && !document.querySelector(held)) return;
  going = undefined; // one may stay
  e.preventDefault();
  e.returnValue = true; // Safari asks by this alone
});
