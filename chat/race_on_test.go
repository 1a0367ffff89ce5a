//go:build race

package chat

// mostTimes is by how much a text may cost more than plain words. The race detector watches our own code, which reads
// texts, and not that of SQLite, which is most of a post.
const mostTimes = 15
