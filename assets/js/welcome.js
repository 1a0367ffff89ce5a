// The line that tells who is here makes way for the first thing that is said: what follows it would push it along.
document.getElementById('messages')?.addEventListener('chat:rows', ({detail: {added}}) => {
  if (added.length) document.querySelector('.welcome')?.remove();
});
