// Passkeys: the form holds the server's challenge, the browser asks the user, and the form sends the answer. Bytes are
// base64url in both, and converted here: not every browser has the helpers, and extensions break those that exist.
const form = document.querySelector('form[data-passkey]');
const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
const text = buffer => {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};

// The binary fields of a challenge: the challenge itself, and the ids of users and keys, but not the site's.
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

// The form has a sentence for each error, with {what} for the browser's own words.
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
