// Code has a button that copies it, once the reader comes near.
const offer = e => {
  const code = e.target.closest?.('.body .code');
  if (code && !code.querySelector('.copy')) code.append(chat.copy('copy'));
};
document.addEventListener('pointerover', offer);
document.addEventListener('focusin', offer);
document.addEventListener('click', e => {
  if (!e.target.matches('.code .copy')) return;
  getSelection().selectAllChildren(e.target.parentElement.querySelector('code'));
  e.target.textContent = document.execCommand('copy') ? 'Copied' : 'Press Ctrl+C';
});
