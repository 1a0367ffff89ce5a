// Keeps a permalink's message in view: rows that came after the browser scrolled to it have pushed it away.
document.querySelector('.highlight + .message')?.scrollIntoView({block: 'center'});
