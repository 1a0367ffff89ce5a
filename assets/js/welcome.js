// The line that tells who is here makes way for the first thing that is said: what follows it would push it along.
chat.each(c => c.list.addEventListener('chat:rows', e => e.detail.added.length && c.root.querySelector('.welcome')?.remove()));
