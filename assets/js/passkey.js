// Passkeys: the form carries what the server asks, the browser asks the person, and the form carries the answer back.
(() => {
  const form = document.querySelector('form[data-passkey]');
  if (!form) return;
  const {response} = form.elements;
  const ask = async () => {
    const error = form.querySelector('.error');
    error.textContent = '';
    try {
      const options = JSON.parse(form.dataset.options);
      const key = form.dataset.passkey === 'create'
        ? await navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options)})
        : await navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options)});
      response.value = JSON.stringify(key.toJSON());
      form.submit();
    } catch (e) {
      error.textContent = e.name === 'InvalidStateError'
        ? 'This device has a passkey for you already.'
        : 'Your browser gave no passkey. Try again, or go another way.';
    }
  };
  form.addEventListener('submit', e => {
    e.preventDefault();
    ask();
  });
  if (form.dataset.passkey === 'get') ask();
})();
