//go:build race

package chat

// mostTimes is how many times as much as plain words a text may cost. The race detector instruments our own code, which
// reads texts, and not SQLite, which is most of the cost of a post.
const mostTimes = 15
