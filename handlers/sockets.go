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

// acquireConn counts a socket, or returns the code to refuse it with. A counted socket must be released by releaseConn.
func (s *Server) acquireConn(a chat.Actor) (counted bool, refusal int) {
	if a.Session == 0 {
		return false, closeSignedOut
	}
	s.conns.mu.Lock()
	defer s.conns.mu.Unlock()
	if s.conns.sessions[a.Session] >= maxSockets {
		return false, closeTooMany
	}
	if s.conns.sessions == nil {
		s.conns.sessions = make(map[chat.ID]int)
	}
	s.conns.sessions[a.Session]++
	return true, 0
}

// releaseConn uncounts a socket.
func (s *Server) releaseConn(session chat.ID) {
	s.conns.mu.Lock()
	defer s.conns.mu.Unlock()
	if s.conns.sessions[session]--; s.conns.sessions[session] == 0 {
		delete(s.conns.sessions, session)
	}
}
