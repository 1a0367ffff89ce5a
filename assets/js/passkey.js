// Passkeys: the form carries what the server asks, the browser asks the person, and the form carries the answer back. Bytes
// are base64url in both, and converted here: not every browser has helpers for it, and extensions break those that it has.
const form = document.querySelector('form[data-passkey]');
const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
const text = buffer => {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};

// What is bytes in a question: the challenge, and the ids of people and of keys, but not the site's.
const isBytes = (owner, name) => name === 'challenge' || (name === 'id' && ('displayName' in owner || 'type' in owner));
const question = json => JSON.parse(json, function (name, value) { return isBytes(this, name) ? bytes(value) : value; });
const answer = key => {
  const response = {transports: key.response.getTransports?.()};
  for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (key.response[part]) response[part] = text(key.response[part]);
  }
  const {id, type, authenticatorAttachment} = key;
  const clientExtensionResults = key.getClientExtensionResults?.() ?? {};
  return {id, rawId: text(key.rawId), type, authenticatorAttachment, clientExtensionResults, response};
};

// The form holds a sentence for each fault, with {what} for the browser's own words.
const say = (fault, what) => {
  const words = form.querySelector('template').content;
  const sentence = words.querySelector(`[data-fault~="${CSS.escape(fault)}"]`) ?? words.lastElementChild;
  form.querySelector('.error').textContent = sentence.textContent.replace('{what}', () => what);
};
const ask = async () => {
  form.querySelector('.error').textContent = '';
  if (!navigator.credentials || !window.PublicKeyCredential) return say('None');
  try {
    const publicKey = question(form.dataset.options);
    const key = await navigator.credentials[form.dataset.passkey]({publicKey});
    form.elements.response.value = JSON.stringify(answer(key));
    form.submit();
  } catch (e) {
    say(e.name, e.message || e.name);
  }
};
form.addEventListener('submit', e => {
  e.preventDefault();
  ask();
});
if (form.dataset.passkey === 'get') ask();
