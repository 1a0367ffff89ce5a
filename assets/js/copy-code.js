// Code has a button that copies it, once the reader comes near.
chat.on('pointerover focusin', '.body .code:not(:has(.copy))', code => code.append(chat.copy('copy')));
chat.on('click', '.code .copy', button => {
  getSelection().selectAllChildren(button.parentElement.querySelector('code'));
  button.textContent = document.execCommand('copy') ? 'Copied' : 'Press Ctrl+C';
});
