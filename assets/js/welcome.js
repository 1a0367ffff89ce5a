// The line about who is present is removed at the first new message, which would push it along.
chat.each(c => c.list.addEventListener('chat:rows', e => e.detail.added.length && c.root.querySelector('.welcome')?.remove()));
