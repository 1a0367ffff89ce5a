// Before a page with unsent input unloads, the browser asks. Drafts are kept without a question (composer.js, edit.js).
const typed = ':is(input:not([type=hidden], [type=password], [autocomplete=one-time-code]), textarea, select)';
const kept = '.composer, [hx-trigger], [data-conversation] .message form, #card form';
const fields = `input[type=file], .app form[method=post]:not(${kept}) ${typed}`;
const held = '.composer .attached :is([name=kept], .again)'; // files for the message, stored or being uploaded
let going; // a plain form being sent, with its input; also by passkey.js
const unsent = f => { // as is all that a refused form has
  if (f.form === going) return false;
  if (f.options) return f.selectedIndex !== Math.max(0, [...f.options].findIndex(o => o.defaultSelected));
  if (/checkbox|radio/.test(f.type)) return f.checked !== f.defaultChecked;
  return f.value !== (f.form.querySelector('.error:not(:empty)') ? '' : f.defaultValue);
};
addEventListener('submit', e => (going = e.defaultPrevented && !e.target.dataset.passkey ? going : e.target));
addEventListener('input', () => (going = undefined), true); // the page is still here
addEventListener('beforeunload', e => {
  if (![...document.querySelectorAll(fields)].some(unsent) && !document.querySelector(held)) return;
  going = undefined; // the user may stay
  e.preventDefault();
  e.returnValue = true; // Safari needs it to ask
});
