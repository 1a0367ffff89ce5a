//go:build !race

package chat

// mostTimes is by how much a text may cost more than plain words.
const mostTimes = 5
