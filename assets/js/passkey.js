// Passkeys: the form has the server's challenge, the browser asks the user, and the form sends the answer.
const {startAuthentication, startRegistration} = SimpleWebAuthnBrowser;
const form = document.querySelector('form[data-passkey]');
const isSignIn = form.dataset.passkey === 'get';
const say = (fault, what) => {
  const words = form.querySelector('template').content; // a sentence for each error, {what} for the browser's words
  const sentence = words.querySelector(`[data-fault~="${CSS.escape(fault)}"]`) ?? words.lastElementChild;
  form.querySelector('.error').textContent = sentence.textContent.replace('{what}', () => what);
};
const ask = async e => {
  e?.preventDefault();
  form.querySelector('.error').textContent = '';
  if (!navigator.credentials || !window.PublicKeyCredential) return say('None');
  try {
    const optionsJSON = JSON.parse(form.dataset.options);
    const answer = await (isSignIn ? startAuthentication : startRegistration)({optionsJSON});
    form.elements.response.value = JSON.stringify(answer);
    form.submit();
  } catch (e) {
    say(e.name, e.message || e.name);
  }
};
form.addEventListener('submit', ask);
if (isSignIn) ask();
