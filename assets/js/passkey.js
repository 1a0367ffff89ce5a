// Passkeys: the form carries what the server asks, the browser asks the person, and the form carries the answer back. Bytes
// are base64url in both, and converted here: not every browser has helpers for it, and extensions break those that it has.
const form = document.querySelector('form[data-passkey]');
const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

// What is bytes in a question: the challenge, and the ids of people and of keys, but not the site's.
const isBytes = (owner, name) => name === 'challenge' || (name === 'id' && ('displayName' in owner || 'type' in owner));
const question = json => JSON.parse(json, function (name, value) { return isBytes(this, name) ? bytes(value) : value; });
const answer = key => {
  const response = {};
  for (const part of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (key.response[part]) response[part] = text(key.response[part]);
  }
  if (key.response.getTransports) response.transports = key.response.getTransports();
  const {id, type, authenticatorAttachment} = key;
  return {id, rawId: text(key.rawId), type, authenticatorAttachment, clientExtensionResults: key.getClientExtensionResults?.() ?? {}, response};
};

const closed = 'No passkey was given: the question was closed, or it took too long. Try again, or go another way.';
const words = {
  AbortError: closed,
  NotAllowedError: closed,
  InvalidStateError: 'This device has a passkey for you already.',
  SecurityError: `Your browser has no passkeys for the address ${location.host}. Open this place by its usual address, with https, or go another way.`,
  NotSupportedError: 'This device cannot make a passkey of the kind that is needed. Try another device or a security key, or go another way.',
  ConstraintError: 'This key cannot ask who you are, by a PIN, a finger or a face. Try another one, or go another way.',
};

const ask = async () => {
  const error = form.querySelector('.error');
  error.textContent = '';
  if (!navigator.credentials || !window.PublicKeyCredential) {
    error.textContent = 'This browser has no passkeys: it is too old, or they are switched off. Try another one, or go another way.';
    return;
  }
  try {
    const publicKey = question(form.dataset.options);
    const key = await navigator.credentials[form.dataset.passkey]({publicKey});
    form.elements.response.value = JSON.stringify(answer(key));
    form.submit();
  } catch (e) {
    error.textContent = words[e.name] ?? `Your browser could not do it, and nothing was changed: ${e.message || e.name} Try again, or go another way.`;
  }
};
form?.addEventListener('submit', e => {
  e.preventDefault();
  ask();
});
if (form?.dataset.passkey === 'get') ask();
