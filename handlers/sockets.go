package handlers

import (
	"sync"

	"chitchat/chat"
)

// maxSockets bounds the open sockets of one session.
const maxSockets = 100

// connLimiter counts the open sockets of each session.
type connLimiter struct {
	mu       sync.Mutex
	sessions map[chat.ID]int
}

// acquire counts a socket, or returns the code to refuse it with. A counted socket must be released.
func (l *connLimiter) acquire(a chat.Actor) (counted bool, refusal int) {
	if a.Session == 0 {
		return false, closeSignedOut
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sessions[a.Session] >= maxSockets {
		return false, closeTooMany
	}
	if l.sessions == nil {
		l.sessions = make(map[chat.ID]int)
	}
	l.sessions[a.Session]++
	return true, 0
}

// release uncounts a socket.
func (l *connLimiter) release(session chat.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sessions[session]--; l.sessions[session] == 0 {
		delete(l.sessions, session)
	}
}
